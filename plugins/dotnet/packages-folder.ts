import { SafeInstallError } from "../../src/plugin.ts";
import { lstat, mkdir, readdir, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";

/** An empty packages folder for one restore. A build reads packages from it, so that it stays. */
export interface PackagesFolder {
  readonly folder: string;
  /** Itself, and those of earlier restores: they go once this one holds. Absolute. */
  readonly replaces: readonly string[];
  /** Makes it. @throws SafeInstallError OUTSIDE_PROJECT behind a link */
  make(): Promise<void>;
}

/**
 * Below `obj`, where everything that a restore makes belongs: it goes with `obj`, and no project includes files of it
 * (the SDK's default items leave out folders that begin with a dot).
 */
export async function newPackagesFolder(project: string, under = ".safe-install"): Promise<PackagesFolder> {
  const obj = join(project, "obj");
  const place = join(obj, under);
  const name = randomBytes(8).toString("hex");
  const folder = join(place, name, "packages");
  await requireNoLinks();
  const names = await readdir(place).catch(() => null);
  const earlier = (names ?? []).filter((one) => /^[0-9a-f]{16}$/.test(one));
  return {
    folder,
    replaces: names === null ? [place] : [name, ...earlier].map((one) => join(place, one)),
    async make() {
      await requireNoLinks();
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(join(place, ".gitignore"), "*\n", { flag: "wx" }).catch(() => {});
    },
  };

  async function requireNoLinks(): Promise<void> {
    for (const one of [obj, place]) await requireNoLink(one);
  }
}

/** A stranger's clone may bring a link along: nothing is written, or removed, behind it. */
async function requireNoLink(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => null);
  if (stats?.isSymbolicLink() !== true) return;
  throw new SafeInstallError("usage", "OUTSIDE_PROJECT", `${path} is a link; packages are not unpacked behind one`);
}
