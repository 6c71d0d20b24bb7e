import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A temporary folder that goes with the test. */
export function temporaryFolder(below = tmpdir()): string {
  const folder = realpathSync(mkdtempSync(join(below, "safe-install-test-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The same in memory where there is such a place: for tests that wait for the disk a thousand times. */
export function folderInMemory(): string {
  return temporaryFolder(existsSync("/dev/shm") ? "/dev/shm" : tmpdir());
}
