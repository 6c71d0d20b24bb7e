import { type Place, SafeInstallError } from "../../../src/plugin.ts";
import { lstat, mkdir, readdir, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";

/** An empty packages folder for one restore. A build reads packages from it, so that it stays; those of earlier runs go. */
interface PackagesFolder {
  readonly folder: string;
  readonly replaces: readonly Place[];
  /** Once what it replaces is aside. */
  make(): Promise<void>;
}

/**
 * Below `obj`, where everything that a restore makes belongs: it goes with `obj`, and no project includes files of it
 * (the SDK's default items leave out folders that begin with a dot).
 */
export async function newPackagesFolder(project: string, under = ".safe-install"): Promise<PackagesFolder> {
  const place = join(project, "obj", under);
  const folder = join(place, randomBytes(8).toString("hex"), "packages");
  for (const one of [join(project, "obj"), place]) await requireNoLink(one);
  const there: readonly string[] = await readdir(place).catch(() => []);
  const ignore = there.includes(IGNORE) ? [] : [IGNORE];
  const others = there.filter((one) => /^[0-9a-f]{16}$/.test(one));
  return {
    folder,
    replaces: [join(folder, ".."), ...[...ignore, ...others].map((one) => join(place, one))].map((path) => ({ path })),
    async make() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if (ignore.length > 0) await writeFile(join(place, IGNORE), "*\n", { flag: "wx" });
    },
  };
}

const IGNORE = ".gitignore";

/** A stranger's clone may bring a link along: nothing is written, or removed, behind it. */
async function requireNoLink(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => null);
  if (stats?.isSymbolicLink() !== true) return;
  throw new SafeInstallError("usage", "OUTSIDE_PROJECT", `${path} is a link; packages are not unpacked behind one`);
}
