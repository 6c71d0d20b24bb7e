import { SafeInstallError } from "../../src/plugin.ts";
import { lstat, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";

/** An empty packages folder for one restore. A build reads packages from it, so that it stays. */
export interface PackagesFolder {
  readonly folder: string;
  /** The restore holds: those of earlier runs go. */
  keep(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * Below `obj`, where everything that a restore makes belongs: it goes with `obj`, and no project includes files of it
 * (the SDK's default items leave out folders that begin with a dot).
 */
export async function newPackagesFolder(project: string, under = ".safe-install"): Promise<PackagesFolder> {
  const place = join(project, "obj", under);
  const name = randomBytes(8).toString("hex");
  const existing = await readdir(join(project, "obj")).catch(() => null);
  const folder = join(place, name, "packages");
  for (const one of [join(project, "obj"), place]) await requireNoLink(one);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(place, ".gitignore"), "*\n", { flag: "wx" }).catch(() => {});
  return { folder, keep, discard };

  async function keep(): Promise<void> {
    const others = (await readdir(place)).filter((one) => one !== name && /^[0-9a-f]{16}$/.test(one));
    await Promise.all(others.map((one) => rm(join(place, one), { recursive: true, force: true })));
  }

  async function discard(): Promise<void> {
    await rm(join(place, name), { recursive: true, force: true });
    const left = await readdir(place).catch(() => []);
    if (left.every((one) => one === ".gitignore")) await rm(place, { recursive: true, force: true });
    const empty = (await readdir(join(project, "obj")).catch(() => ["?"])).length === 0;
    if (existing === null && empty) await rm(join(project, "obj"), { recursive: true, force: true });
  }
}

/** A stranger's clone may bring a link along: nothing is written, or removed, behind it. */
async function requireNoLink(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => null);
  if (stats?.isSymbolicLink() !== true) return;
  throw new SafeInstallError("usage", "OUTSIDE_PROJECT", `${path} is a link; packages are not unpacked behind one`);
}
