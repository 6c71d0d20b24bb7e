/** Python's lock tools from real wheels, in one environment of the run, and what we read of their locks. */
import { withFolders } from "../../../plugins/pip/lock/folders.ts";
import { readLockfile } from "../../../plugins/pip/lock/read.ts";
import { packageKey } from "../../../src/ecosystems/names.ts";
import { PYTHON, WHEELS } from "../pypi/pythons.ts";
import type { Value } from "../lock-mutants.ts";
import type { Installed, Judged } from "./differ.ts";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A project with a lock, and one tool's answers on every other lock in its place. */
export interface LockProject {
  /** What the tool itself wrote. */
  readonly lock: Value;
  /** Another one for its command. */
  readonly sample?: Value;
  readonly path: string;
  /** As its own code reads them, many in a second where it can. */
  readonly installs: (texts: readonly string[]) => Promise<readonly (readonly Installed[] | null)[]>;
  /** As its command tells it, once for each text. */
  readonly asked: (texts: readonly string[]) => Promise<readonly (readonly Installed[] | null)[]>;
  readonly close: () => void;
}

/** The lock in the project is each of these in its turn. */
export function oneByOne(path: string, ask: () => Promise<readonly Installed[] | null>): LockProject["asked"] {
  return async (texts) => {
    const found: (readonly Installed[] | null)[] = [];
    for (const text of texts) {
      writeFileSync(path, text);
      found.push(await ask());
    }
    return found;
  };
}

/** `null`: no wheels here to install it from; see `SAFE_INSTALL_WHEELS`. */
export const hasTools = PYTHON !== null && existsSync(WHEELS);

/** `SAFE_INSTALL_TEST_TOOLS`: an environment that has them all, for one who tries again and again. */
const MADE = process.env["SAFE_INSTALL_TEST_TOOLS"];

/** The folder of programs of a new environment with these tools in it, from the wheels at hand and nowhere else. */
export async function toolsWith(folder: string, tools: readonly string[]): Promise<string> {
  if (PYTHON === null) throw new Error("no python");
  if (MADE !== undefined) return join(MADE, "bin");
  await run(PYTHON, ["-m", "venv", folder]);
  const from = ["--isolated", "--disable-pip-version-check", "--no-index", "--find-links", WHEELS];
  await run(join(folder, "bin", "python"), ["-m", "pip", "install", "--quiet", ...from, ...tools]);
  return join(folder, "bin");
}

/** As `check` reads the file in a repository of its own, up to the index. */
export async function judgedIn(path: string, text: string): Promise<Judged | null> {
  const at = dirname(path);
  const lock = await withFolders(readLockfile(path, Buffer.from(text)), at, at);
  if (lock.unbound.length > 0) return null;
  const files = new Map<string, Set<string>>();
  for (const { name, version, digests } of lock.files) {
    const key = keyOf(name, version);
    const known = files.get(key) ?? new Set<string>();
    for (const { hex } of digests) known.add(hex);
    files.set(key, known);
  }
  const ours = lock.notGated.filter(({ kind }) => kind === "first-party");
  return { files, folders: new Set(ours.map(({ name }) => resolve(at, name))) };
}

/** A release as both sides name it. */
export function keyOf(name: string, version: string): string {
  return packageKey("pypi", name, version);
}

/** `sha256:HEX` without its algorithm, in small letters. */
export function hexOf(hash: string): string {
  return hash.slice(hash.indexOf(":") + 1).toLowerCase();
}

/** Files in a new folder. */
export function lay(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
