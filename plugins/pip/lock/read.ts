import {
  JsonError,
  LIMITS,
  normalName,
  type NotGated,
  parseJson,
  SafeInstallError,
  type Unbound,
} from "../../../src/plugin.ts";
import { type PythonLock, type LockedFile, unusable } from "./locked.ts";
import { withGroups } from "./groups.ts";
import { readPipfile } from "./pipfile.ts";
import { readPoetry } from "./poetry.ts";
import { readPylock } from "./pylock.ts";
import { readUv } from "./uv.ts";
import { basename, resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import type { Python } from "../python/run.ts";

/** @throws SafeInstallError where it is not there, or not what its name says */
export function readLockfile(path: string, content: Buffer | null): PythonLock {
  if (content === null) {
    throw new SafeInstallError("usage", "LOCK_MISSING", `there is no ${path}`, { hint: "name the lockfile to check" });
  }
  const text = content.toString("utf8");
  switch (basename(path)) {
    case "uv.lock":
      return readUv(readToml(text, path));
    case "poetry.lock":
      return readPoetry(readToml(text, path));
    case "Pipfile.lock":
      return readPipfile(readJson(text, path));
    default:
      return readPylock(readToml(text, path));
  }
}

function readToml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TomlError) throw malformed(path, error.message.split("\n")[0] ?? "");
    throw error;
  }
}

function readJson(text: string, path: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) throw malformed(path, error.message);
    throw error;
  }
}

function malformed(path: string, why: string): SafeInstallError {
  return new SafeInstallError("unbound", "LOCK_MALFORMED", `${path} cannot be read: ${why}`);
}

interface Lines {
  readonly lines: readonly string[];
  readonly hashes: ReadonlyMap<string, readonly string[]>;
  readonly unbound: readonly Unbound[];
  readonly notGated: readonly NotGated[];
}

const LEFT = "a folder in a lock is not installed: name it, as in pip install -r pylock.toml -e .";

/** `-r pylock.toml` as requirements: every version exact, with the hashes of all its wheels (pip reads such files itself only from 26.1 on). */
export async function pylockLines(files: readonly string[], { cwd, host }: Python): Promise<Lines> {
  const unbound: Unbound[] = [];
  const notGated: NotGated[] = [];
  const hashes = new Map<string, readonly string[]>();
  const lines: string[] = [];
  for (const file of files.filter((name) => isPylock(basename(name)))) {
    const path = resolve(cwd, file);
    const content = await host.read(path, { maxBytes: LIMITS.lockfileBytes });
    const lock = readLockfile(path, content);
    unbound.push(...lock.unbound, ...lock.files.flatMap(unknownMarker));
    notGated.push(...lock.folders.map(({ path: name }) => ({ kind: "first-party", name, detail: LEFT }) as const));
    for (const [line, name, allowed] of byPackage(lock.files)) {
      lines.push(line);
      hashes.set(name, [...(hashes.get(name) ?? []), ...allowed]);
    }
  }
  return { lines, hashes, unbound, notGated };
}

/** `pylock.toml` and `pylock.NAME.toml` (PEP 751, "File Name"). */
function isPylock(name: string): boolean {
  return /^pylock(?:\.[^.]+)?\.toml$/.test(name);
}

function byPackage(files: readonly LockedFile[]): readonly (readonly [string, string, readonly string[]])[] {
  const keys = new Set(files.map(({ name, version }) => `${name}==${version}`));
  return [...keys].map((key) => {
    const same = files.filter(({ name, version }) => `${name}==${version}` === key);
    const allowed = same.flatMap(({ digests }) => digests.map(({ algorithm, hex }) => `${algorithm}:${hex}`));
    const [first] = same;
    const requirement = first?.marker === undefined ? key : `${key} ; ${first.marker}`;
    return [
      [requirement, ...allowed.map((hash) => `--hash=${hash}`)].join(" "),
      normalName("pypi", first?.name ?? ""),
      allowed,
    ];
  });
}

/** What only an installer of locks could be told, and what a line of pip's cannot hold. */
function unknownMarker({ name, version, marker = "" }: LockedFile): readonly Unbound[] {
  if (withGroups(marker, []) === marker && !/[\r\n]|\$\{/.test(marker)) return [];
  return unusable(name, version, `a marker that is not known: ${marker.slice(0, 200)}`).unbound;
}
