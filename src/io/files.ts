import { SafeInstallError } from "../errors.ts";
import { constants } from "node:fs";
import { mkdir, open, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * A file's content, or null where there is no such file. A FIFO does not make us wait.
 * @throws SafeInstallError where it exceeds `maxBytes` or is no regular file.
 */
export async function readBounded(path: string, { maxBytes }: { readonly maxBytes: number }): Promise<Buffer | null> {
  const file = await openExisting(path);
  if (file === null) return null;
  try {
    const { size } = await regular(path, file);
    if (size > maxBytes) throw tooLarge(path, maxBytes);
    const content = await file.readFile();
    if (content.length > maxBytes) throw tooLarge(path, maxBytes);
    return content;
  } finally {
    await file.close();
  }
}

async function openExisting(path: string) {
  try {
    // A pipe of that name would have nobody at its other end.
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (isMissing(error)) return null;
    throw new SafeInstallError("unavailable", "FILE_UNREADABLE", `${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function regular(path: string, file: Awaited<ReturnType<typeof open>>) {
  const stats = await file.stat();
  if (stats.isFile()) return stats;
  throw new SafeInstallError("unavailable", "FILE_UNREADABLE", `${path}: expected a file, found something else`);
}

function tooLarge(path: string, maxBytes: number): SafeInstallError {
  return new SafeInstallError("unavailable", "FILE_TOO_LARGE", `${path}: larger than ${maxBytes} bytes`);
}

/** ENOENT or ENOTDIR: the path leads nowhere. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === "ENOENT" || code === "ENOTDIR";
}

/** A copy for ourselves alone, in a folder of our own, where nothing has that name yet. */
export async function keepCopy(path: string, bytes: Buffer): Promise<void> {
  await writeFile(path, bytes, { mode: 0o600, flag: "wx" });
}

/**
 * Appends a text in one write: programs that append to the same file at the same time do not tear each other's lines
 * (POSIX `O_APPEND`).
 * @throws SafeInstallError kind "unavailable" where not all of it could be written
 */
export async function appendWhole(path: string, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, "a");
    try {
      const { bytesWritten } = await file.write(bytes);
      if (bytesWritten < bytes.length)
        throw new Error(`only ${bytesWritten} of ${bytes.length} bytes could be written`);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new SafeInstallError("unavailable", "LOG_UNWRITABLE", `${path}: ${(error as Error).message}`, {
      hint: "nothing was installed: what cannot be written down is not done",
      cause: error,
    });
  }
}
