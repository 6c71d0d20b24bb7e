import { isInside, type Place } from "../../../src/plugin.ts";
import { listing } from "../reading/places.ts";
import { lstat, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** The sources of a repository, while targets of the project run in its restore. */
export interface Closed {
  /** Of the transaction: whatever happens, the repository's own settings come back. */
  readonly replaces: readonly Place[];
  /** From now on NuGet finds these settings and nothing else, wherever in the repository it is started. */
  close(settings: string): Promise<void>;
  open(): Promise<void>;
}

interface Kept {
  readonly path: string;
  /** null: there is none. */
  readonly was: { readonly content: Buffer; readonly mode: number } | { readonly link: string } | null;
}

/**
 * NuGet merges the files on the way up (learn.microsoft.com, NuGet.config): one at the root forgets what lies further up.
 * @param aside what the same transaction sets aside, so that no target finds it
 */
export async function closedSettings(root: string, aside: readonly string[]): Promise<Closed> {
  const found = (await listing(root)()).filter(
    (path) => /^nuget\.config$/i.test(basename(path)) && !aside.some((one) => isInside(path, one)),
  );
  const top = found.some((path) => dirname(path) === root) ? [] : [join(root, "nuget.config")];
  const kept = await Promise.all([...found, ...top].map(keptAt));
  return {
    replaces: kept.map(({ path }) => ({ path })),
    async close(settings) {
      for (const { path } of kept) await writeFile(path, settings);
    },
    async open() {
      for (const { path, was } of kept) {
        await rm(path, { force: true });
        if (was !== null && "link" in was) await symlink(was.link, path);
        else if (was !== null) await writeFile(path, was.content, { mode: was.mode });
      }
    },
  };
}

async function keptAt(path: string): Promise<Kept> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return { path, was: null };
  if (stats.isSymbolicLink()) return { path, was: { link: await readlink(path) } };
  return { path, was: { content: await readFile(path), mode: stats.mode } };
}
