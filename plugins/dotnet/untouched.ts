import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Files of the project as they were before something ran that must not change them. */
export interface Kept {
  /** @returns the files that were changed, and are now as they were */
  putBack(): Promise<readonly string[]>;
}

export async function keep(paths: readonly string[]): Promise<Kept> {
  const before = await Promise.all([...new Set(paths)].map(async (path) => [path, await contentOf(path)] as const));
  return { putBack };

  async function putBack(): Promise<readonly string[]> {
    const changed: string[] = [];
    for (const [path, content] of before) {
      const now = await contentOf(path);
      if (content === null ? now === null : now?.equals(content) === true) continue;
      changed.push(path);
      if (content === null) await rm(path, { force: true });
      else await mkdir(dirname(path), { recursive: true }).then(() => writeFile(path, content));
    }
    return changed;
  }
}

async function contentOf(path: string): Promise<Buffer | null> {
  return readFile(path).catch(() => null);
}
