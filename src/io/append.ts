import { SafeInstallError } from "../errors.ts";
import { open } from "node:fs/promises";

/**
 * Appends a text in one write: programs that append to the same file at the same time do not tear each other's lines
 * (POSIX `O_APPEND`).
 * @throws SafeInstallError kind "unavailable" where not all of it could be written
 */
export async function appendWhole(path: string, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  try {
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
