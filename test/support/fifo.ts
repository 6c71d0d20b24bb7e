import { execFileSync } from "node:child_process";

/** A FIFO that nobody ever writes to: whoever opens it to read, as one opens a file, waits for good. */
export function makeFifo(path: string): void {
  execFileSync("mkfifo", [path]);
}
