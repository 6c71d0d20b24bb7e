import { SafeInstallError } from "../../src/plugin.ts";
import type { Mirror } from "./mirror.ts";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

/** A file that a command of dotnet changed in a mirror. */
export interface Edit {
  /** Absolute, in the repository. */
  readonly path: string;
  /** null: there was none. */
  readonly before: Buffer | null;
  readonly after: Buffer;
  /** Permissions. */
  readonly mode: number;
}

/** What adding a package writes: projects, what they import, locks. */
const EDITED = /\.(?:[a-z]*proj|props|targets)$|^packages(?:\..*)?\.lock\.json$/i;
const PASSED_BY = /^(?:bin|obj|node_modules|\.safe-install.*)$/i;

/** Files of the mirror that are no longer as in the repository; `locks` are those of the projects. */
export async function editsIn(mirror: Mirror, root: string, locks: readonly string[]): Promise<readonly Edit[]> {
  const known = new Set(locks);
  const paths = (await filesIn(root, mirror)).filter((path) => EDITED.test(basename(path)) || known.has(path));
  const edits: Edit[] = [];
  for (const path of paths) {
    const [before, after] = await Promise.all([contentOf(path), contentOf(mirror.at(path))]);
    if (after === null || before?.equals(after) === true) continue;
    edits.push({ path, before, after, mode: (await stat(mirror.at(path))).mode });
  }
  return edits;
}

async function filesIn(folder: string, mirror: Mirror): Promise<readonly string[]> {
  const entries = await readdir(mirror.at(folder), { withFileTypes: true });
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return PASSED_BY.test(entry.name) ? [] : filesIn(path, mirror);
    return entry.isFile() ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

/** In the place of what was moved aside. */
export async function writeEdits(edits: readonly Edit[]): Promise<void> {
  for (const { path, after, mode } of edits) await writeFile(path, after, { mode });
}

/** @throws SafeInstallError somebody changed a file while it was judged */
export async function requireUnchanged(edits: readonly Edit[]): Promise<void> {
  for (const { path, before } of edits) {
    const now = await contentOf(path);
    if (before === null ? now === null : now?.equals(before) === true) continue;
    throw new SafeInstallError("unbound", "LOCK_CHANGED", `${path} changed while the packages were judged`, {
      hint: "run it again",
    });
  }
}

async function contentOf(path: string): Promise<Buffer | null> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}
