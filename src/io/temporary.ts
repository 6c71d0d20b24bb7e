import { mkdtemp, rm } from "node:fs/promises";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Private folders (mkdtemp makes them 0700) that end with the run, also by `process.exit`. */
export function createTemporary() {
  const folders = new Set<string>();
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
      await Promise.all([...folders].map((folder) => rm(folder, { recursive: true, force: true })));
      folders.clear();
    },
  };
}
