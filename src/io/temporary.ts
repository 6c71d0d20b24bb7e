import { mkdtemp } from "node:fs/promises";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Private folders (mkdtemp makes them 0700) that end with the run, also by `process.exit`. */
export function createTemporary() {
  const folders = new Set<string>();
  // At once: a thread for each of many small files would cost more than to remove it.
  const removeNow = () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
  process.once("exit", removeNow);
  return {
    async make(name: string): Promise<string> {
      const folder = await mkdtemp(join(tmpdir(), `safe-install-${name}-`));
      folders.add(folder);
      return folder;
    },
    async removeAll(): Promise<void> {
      process.off("exit", removeNow);
      removeNow();
      folders.clear();
    },
  };
}
