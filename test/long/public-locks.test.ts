/**
 * Locks of public repositories, as their own tools wrote them: none is refused for its shape. `SAFE_INSTALL_PUBLIC_LOCKS`: a folder
 * with one folder for each repository, in which lie its locks, and the package.json, Pipfile and pyproject.toml beside them.
 */
import { npm } from "../../plugins/npm/index.ts";
import { LOCKFILES } from "../../plugins/npm/table.ts";
import { withFolders } from "../../plugins/pip/lock/folders.ts";
import { readLockfile } from "../../plugins/pip/lock/read.ts";
import { SafeInstallError } from "../../src/errors.ts";
import type { Part } from "../../src/plugin.ts";
import { temporaryFolder } from "../support/folder.ts";
import { testHost } from "../support/npm-session.ts";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const FOLDER = process.env["SAFE_INSTALL_PUBLIC_LOCKS"] ?? "";

const PYTHONS = /^(?:poetry\.lock|uv\.lock|Pipfile\.lock|pylock(?:\.[^.]+)?\.toml)$/;

/** What a test of the repository's own wants to see refused. */
const ON_PURPOSE = /\/(?:tests|__tests__)\//;

/** What npm itself does not install any more: the first version, and a lock that does not fit package.json. */
const NPM_REFUSES = /^lockfileVersion 1 |^package\.json and the lock do not agree/;

type Read = Pick<Part, "unbound"> & { readonly count: number };

describe.skipIf(FOLDER === "")("a public lock is not refused for its shape", () => {
  const names = FOLDER === "" ? [] : readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).sort();
  const locks: readonly string[] = LOCKFILES;

  it.each(names.filter((name) => PYTHONS.test(basename(name))))("%s", (name) => holds(name, python(name)));
  it.each(names.filter((name) => locks.includes(basename(name))))("%s", (name) => holds(name, javascript(name)));
});

async function python(name: string): Promise<Read> {
  const path = join(FOLDER, name);
  const { files, unbound } = await withFolders(readLockfile(path, readFileSync(path)), dirname(path), rootOf(name));
  return { unbound, count: files.length };
}

async function javascript(name: string): Promise<Read> {
  const path = join(FOLDER, name);
  const host = testHost({ home: temporaryFolder() });
  const project = await npm.locate({ purpose: "check", args: [], cwd: dirname(path), lockfile: path }, host);
  const stages = npm.stages(project, { repositoryRoot: rootOf(name), registries: [] }, host);
  const { artifacts, unbound } = (await stages.next([])).value as Part;
  return { unbound, count: artifacts.length };
}

function rootOf(name: string): string {
  return join(FOLDER, name.split("/")[0] ?? "");
}

/** Prints what is judged of it, and how often each code denies. */
async function holds(name: string, reading: Promise<Read>): Promise<void> {
  const { count, unbound } = await reading.catch((error: unknown): Read => {
    if (!(error instanceof SafeInstallError) || !ON_PURPOSE.test(name)) throw error;
    return { count: 0, unbound: [] };
  });
  const codes = unbound.map(({ denial: { code } }) => code);
  console.log(name, count, codes.join(" "));
  const shape = unbound
    .filter(({ denial: { code } }) => code === "LOCK_UNSUPPORTED")
    .map(({ denial }) => denial.message);
  if (!ON_PURPOSE.test(name)) expect(shape.filter((message) => !NPM_REFUSES.test(message))).toEqual([]);
}
