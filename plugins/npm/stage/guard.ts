import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What npm says where it wanted to start a program. */
export const GUARDED = "safe-install: no program is started before the judgement";

/**
 * Loaded by node before npm: while npm resolves, nothing is started. Resolving needs no program but git, and reading a git
 * dependency may mean to prepare it, which needs neither a git program nor the consent of `ignore-scripts`.
 * @returns its path
 */
export async function writeGuard(folder: string): Promise<string> {
  const path = join(folder, "guard.cjs");
  await writeFile(path, PROGRAM, { mode: 0o600 });
  // Node looks for package.json upward before it loads anything: what lies in the system's temporary folder is anybody's.
  await writeFile(join(folder, "package.json"), "{}", { mode: 0o600 });
  return path;
}

const PROGRAM = `"use strict";
const children = require("node:child_process");
function refuse() {
  throw new Error(${JSON.stringify(GUARDED)});
}
for (const name of ["exec", "execFile", "execFileSync", "execSync", "fork", "spawn", "spawnSync"]) children[name] = refuse;
children.ChildProcess.prototype.spawn = refuse;
`;
