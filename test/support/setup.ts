import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Before the first file of a run: a folder for what all of them may share. After the last it goes. */
export function setup(): (() => void) | undefined {
  if (process.env["SAFE_INSTALL_TEST_SHARED"] !== undefined) return undefined;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "safe-install-tests-")));
  process.env["SAFE_INSTALL_TEST_SHARED"] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
