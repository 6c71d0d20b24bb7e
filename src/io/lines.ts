import { SafeInstallError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/**
 * The lines of a file, one after another, without what ends them. Nothing where there is no such file.
 * @param last only what stands in so many bytes at its end: a line that began before is left out
 * @throws SafeInstallError FILE_UNREADABLE, FILE_TOO_LARGE: a line is longer than `LIMITS.logLineBytes`
 */
export async function* linesOf(path: string, last = Number.POSITIVE_INFINITY): AsyncGenerator<string> {
  const stats = await stat(path).catch(() => null);
  if (stats === null) return;
  if (!stats.isFile()) throw unreadable(path, "expected a file, found something else");
  const start = Math.max(0, stats.size - last);
  let isInside = start > 0;
  let rest: Buffer[] = [];
  let held = 0;
  try {
    for await (const chunk of createReadStream(path, { start }) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        const line = Buffer.concat([...rest, chunk.subarray(from, end)]).toString("utf8");
        [rest, held, from] = [[], 0, end + 1];
        if (isInside) isInside = false;
        else yield line;
      }
      rest.push(chunk.subarray(from));
      held += chunk.length - from;
      if (held > LIMITS.logLineBytes)
        throw new SafeInstallError("unavailable", "FILE_TOO_LARGE", `${path}: a line of more than ${held} bytes`);
    }
  } catch (error) {
    if (error instanceof SafeInstallError) throw error;
    throw unreadable(path, (error as Error).message);
  }
  if (held > 0 && !isInside) yield Buffer.concat(rest).toString("utf8");
}

const NEWLINE = 0x0a;

function unreadable(path: string, why: string): SafeInstallError {
  return new SafeInstallError("unavailable", "FILE_UNREADABLE", `${path}: ${why}`);
}
