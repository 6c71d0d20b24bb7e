import { type Denial, type Unbound } from "../../../src/plugin.ts";
import type { ObtainedWheel } from "../bytes/bytes.ts";
import type { Python } from "../python/run.ts";
import type { Chosen } from "../report.ts";
import { type ResolveRequest, resolve } from "../resolve/resolve.ts";
import { copyFile, link, mkdtemp, chmod } from "node:fs/promises";
import { join } from "node:path";

/** Requirements that were resolved once by the index's words, with what pip chose. */
export interface Resolved extends ResolveRequest {
  readonly chosen: readonly Chosen[];
}

/** Lays proven wheels into a private folder (0700) under their own names, read-only. @returns the folder */
export async function layOut(
  chosen: readonly Chosen[],
  obtained: (one: Chosen) => ObtainedWheel,
  python: Python,
): Promise<string> {
  const folder = await mkdtemp(join(python.folder, "wheels-"));
  for (const one of chosen) {
    const path = join(folder, one.filename);
    await link(obtained(one).file, path).catch(() => copyFile(obtained(one).file, path));
    await chmod(path, 0o400);
  }
  return folder;
}

/**
 * Resolves again, offline, from the proven wheels only. An index that named other dependencies than the wheels
 * themselves, or another name or version, is found out here: before anything is installed.
 */
export async function resolveAgain(first: Resolved, folder: string, python: Python): Promise<readonly Unbound[]> {
  const { chosen, ...asked } = first;
  if (chosen.length === 0) return [];
  const before = chosen.map(spell).sort();
  const second = await resolve({ ...asked, findLinks: folder }, python).then(
    (closure) => ({ after: closure.chosen.map(spell).sort(), unbound: closure.unbound }),
    (error: Error) => ({ after: [error.message.split("requirements: ").at(-1) ?? ""], unbound: [] }),
  );
  if (second.unbound.length > 0) return second.unbound;
  const missing = before.filter((one) => !second.after.includes(one));
  const added = second.after.filter((one) => !before.includes(one));
  if (missing.length + added.length === 0) return [];
  const denial: Denial = {
    code: "DEPENDENCIES_MISMATCH",
    message: "the proven packages have other dependencies than the index said",
    details: [{ name: "packages", expected: shown(missing) || "nothing more", found: shown(added) || "none of these" }],
    hint: "the index's metadata is wrong: tell its owner; nothing was installed",
  };
  return [{ package: null, location: "second resolution, from the proven packages", denial }];
}

function spell({ package: { name, version } }: Chosen): string {
  return `${name}==${version}`;
}

function shown(names: readonly string[]): string {
  return names.slice(0, 5).join(", ");
}
