import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import { join } from "node:path";

/** Every change that a transaction makes to the disk: tests stop, or fail, one after the other. */
export type Disk = Pick<
  typeof fs,
  "chmod" | "copyFile" | "lchown" | "link" | "lutimes" | "mkdir" | "open" | "rename" | "rm" | "rmdir" | "symlink"
>;

/** The disk itself. */
export function realDisk(): Disk {
  return fs;
}

/** How a file comes to lie in a second place: as the same file, or as another one with the same bytes. */
type Way = "link" | "copy";

/**
 * A tree, a file or a link with its modes, times and (for root) owners. What is no file, folder or link cannot be copied.
 * "link": files are hard links where the device has them.
 * @throws the file system's error; then `to` is there in part
 */
export async function copyTree(from: string, to: string, way: Way, disk: Disk): Promise<void> {
  const stats = await fs.lstat(from);
  if (stats.isDirectory()) {
    await disk.mkdir(to, { mode: 0o700 });
    for (const name of await fs.readdir(from)) await copyTree(join(from, name), join(to, name), way, disk);
  } else if (stats.isSymbolicLink()) {
    await disk.symlink(await fs.readlink(from), to);
  } else if (stats.isFile()) {
    if (way === "link" && (await isLinked(from, to, disk))) return;
    await disk.copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  } else {
    throw new Error(`${from} is neither a file nor a folder nor a link`);
  }
  await describeAs(stats, to, disk);
}

/** Where the device, or the file system, has no such link there is a copy instead. */
async function isLinked(from: string, to: string, disk: Disk): Promise<boolean> {
  return disk.link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (NO_LINK.has(error.code ?? "")) return false;
      throw error;
    },
  );
}

const NO_LINK: ReadonlySet<string> = new Set(["EXDEV", "EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EACCES"]);

async function describeAs(stats: Awaited<ReturnType<typeof fs.lstat>>, to: string, disk: Disk): Promise<void> {
  if (process.getuid?.() === 0) await disk.lchown(to, Number(stats.uid), Number(stats.gid));
  if (!stats.isSymbolicLink()) await disk.chmod(to, Number(stats.mode) & 0o7777);
  await disk.lutimes(to, Number(stats.atimeMs) / 1000, Number(stats.mtimeMs) / 1000);
}

/** What stands there, links not followed; null: nothing. */
export async function whatIs(path: string) {
  return fs.lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
}

/** By content: on an overlay, a hard link and what it was made of are two files. */
export async function isSame(one: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all([whatIs(one), whatIs(other)]);
  if (left === null || right === null || left.mode !== right.mode) return false;
  if (left.isSymbolicLink()) return (await fs.readlink(one)) === (await fs.readlink(other));
  if (!left.isFile() || left.size !== right.size) return false;
  return (left.dev === right.dev && left.ino === right.ino) || haveSameBytes(one, other);
}

async function haveSameBytes(one: string, other: string): Promise<boolean> {
  const files = await Promise.all([fs.open(one, "r"), fs.open(other, "r")]);
  const [left, right] = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)];
  try {
    for (;;) {
      const read = await Promise.all([files[0].read(left, 0, CHUNK), files[1].read(right, 0, CHUNK)]);
      const [{ bytesRead }] = read;
      if (bytesRead !== read[1].bytesRead) return false;
      if (!left.subarray(0, bytesRead).equals(right.subarray(0, bytesRead))) return false;
      if (bytesRead === 0) return true;
    }
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}

const CHUNK = 1_048_576;
