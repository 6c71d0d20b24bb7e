import { type Place, SafeInstallError } from "../../../src/plugin.ts";
import { lstat, mkdir, readdir, writeFile } from "node:fs/promises";
import { createHash, randomBytes } from "node:crypto";
import { basename, join } from "node:path";

/**
 * An empty packages folder for one restore. A build reads packages from it, so that it stays; those of earlier runs of the
 * same project or solution go.
 */
interface PackagesFolder {
  readonly folder: string;
  readonly replaces: readonly Place[];
  /** Once what it replaces is aside. */
  make(): Promise<void>;
}

/**
 * Below `obj`, where everything that a restore makes belongs: it goes with `obj`, and no project includes files of it
 * (the SDK's default items leave out folders that begin with a dot).
 * @param of the file that is restored: several solutions of one folder keep each their own
 */
export async function newPackagesFolder(project: string, of: string, under = ".safe-install"): Promise<PackagesFolder> {
  const place = join(project, "obj", under);
  const own = createHash("sha256").update(basename(of)).digest("hex").slice(0, 8);
  const folder = join(place, own + randomBytes(4).toString("hex"), "packages");
  for (const one of [join(project, "obj"), place]) await requireNoLink(one);
  const there: readonly string[] = await readdir(place).catch(() => []);
  const others = there.filter((one) => /^[0-9a-f]{16}$/.test(one) && one.startsWith(own));
  return {
    folder,
    replaces: [join(folder, ".."), ...others.map((one) => join(place, one))].map((path) => ({ path })),
    async make() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(join(folder, "..", ".gitignore"), "*\n", { flag: "wx" });
    },
  };
}

/** A stranger's clone may bring a link along: nothing is written, or removed, behind it. */
async function requireNoLink(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => null);
  if (stats?.isSymbolicLink() !== true) return;
  throw new SafeInstallError("usage", "OUTSIDE_PROJECT", `${path} is a link; packages are not unpacked behind one`);
}
