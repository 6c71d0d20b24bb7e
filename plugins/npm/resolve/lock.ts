import {
  type Denial,
  type Host,
  JsonError,
  LIMITS,
  parseJson,
  SafeInstallError,
  type Unbound,
} from "../../../src/plugin.ts";
import type { Installer } from "../installer.ts";
import { LOCKFILES } from "../table.ts";
import { oddInEntry, oddInLock } from "./entry.ts";
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import semver from "semver";

/** Project code that npm 12 runs while it resolves. */
export const EXTENSIONS = [".npm-extension.mjs", ".npm-extension.cjs", ".npm-extension.js"] as const;

export interface NpmLock {
  readonly path: string;
  /** What this npm looks for. */
  readonly names: readonly string[];
  /** Of the file as it was read; see `assertUnchanged`. */
  readonly sha256: string;
  /** Why nothing of it can be bound; empty where it can. */
  readonly unbound: readonly Unbound[];
}

type Reader = Pick<Host, "read">;

/**
 * Reads the lockfile that npm would read in `project`, and decides whether all of it can be bound.
 * @throws SafeInstallError kind "usage" where there is none, or another one than `wanted`.
 */
export async function readLock(
  project: string,
  wanted: string | undefined,
  npm: Installer,
  host: Reader,
): Promise<NpmLock> {
  const names = readsShrinkwrap(npm) ? LOCKFILES : LOCKFILES.slice(1);
  const { path, content } = await findLock(project, names, host);
  if (wanted !== undefined && basename(wanted) !== basename(path)) throw shadowed(wanted, path);
  const manifest = await host.read(join(project, "package.json"), { maxBytes: LIMITS.manifestBytes });
  const extension = await findExtension(project, host);
  const denial =
    judgeText(content.toString("utf8").replace(/^\uFEFF/, "")) ??
    judgeManifest(manifest) ??
    (extension === null ? null : runsCode(extension));
  return {
    path,
    names,
    sha256: hash(content),
    unbound: denial === null ? [] : [{ package: null, location: path, denial: { ...denial, location: path } }],
  };
}

/** @throws SafeInstallError LOCK_CHANGED where the lockfile is not the one that was judged. */
export async function assertUnchanged(lock: NpmLock, host: Reader): Promise<void> {
  const { path, content } = await findLock(dirname(lock.path), lock.names, host);
  if (path === lock.path && hash(content) === lock.sha256) return;
  throw new SafeInstallError("unbound", "LOCK_CHANGED", `${lock.path} changed while it was being judged`, {
    hint: "run again once nothing else writes to the project",
  });
}

/** The lock of a private copy, as the one that will lie in `project`. */
export function asIn(project: string, lock: NpmLock): NpmLock {
  const path = join(project, basename(lock.path));
  const unbound = lock.unbound.map((one) => ({ ...one, location: path, denial: { ...one.denial, location: path } }));
  return { ...lock, path, unbound };
}

export function readsShrinkwrap(npm: Installer): boolean {
  return semver.lt(npm.version, "12.0.0-0");
}

async function findLock(
  project: string,
  names: readonly string[],
  host: Reader,
): Promise<{ path: string; content: Buffer }> {
  for (const name of names) {
    const path = join(project, name);
    const content = await host.read(path, { maxBytes: LIMITS.lockfileBytes });
    if (content !== null) return { path, content };
  }
  throw new SafeInstallError("usage", "NO_LOCKFILE", `${project} has no ${names.join(" or ")}`, {
    hint: "npm install --package-lock-only --ignore-scripts",
  });
}

async function findExtension(project: string, host: Reader): Promise<string | null> {
  for (const name of EXTENSIONS) {
    if ((await host.read(join(project, name), { maxBytes: LIMITS.manifestBytes })) !== null) return name;
  }
  return null;
}

interface LockText {
  readonly lockfileVersion?: unknown;
  readonly packages?: unknown;
}

function judgeText(text: string): Denial | null {
  try {
    const lock = parseJson(text) as LockText | null;
    const version = lock?.lockfileVersion;
    const packages = lock?.packages;
    if (version === 4) return extended(packages) ?? unsupported("lockfileVersion 4", RELOCK);
    if (version !== 2 && version !== 3) return unsupported(`lockfileVersion ${String(version)}`, UPGRADE);
    if (typeof packages !== "object" || packages === null) return unsupported("a lock without packages", UPGRADE);
    const odd = oddInLock(lock);
    return odd === null ? extended(packages) : unsupported(`"${odd}" of the lock`, RELOCK);
  } catch (error) {
    if (error instanceof JsonError) return unreadable("a lockfile", error, text);
    throw error;
  }
}

const UPGRADE = "npm install --package-lock-only --ignore-scripts --lockfile-version 3";
const RELOCK = "take patches and extensions out, then `npm install --package-lock-only --lockfile-version 3`";
const REPAIR = "resolve merge conflicts, then npm install --package-lock-only --ignore-scripts";

/** State of `npm patch` and of manifest extensions (npm 12, `lib/shrinkwrap.js` of arborist). */
function extended(packages: unknown): Denial | null {
  for (const [location, entry] of Object.entries((packages ?? {}) as Record<string, unknown>)) {
    if (typeof entry !== "object" || entry === null) return unsupported(`an entry "${location}" that is none`, REPAIR);
    if ("patched" in entry || "patchedDependencies" in entry) return patched(location);
    const extension = ["packageExtensionsHash", "npmExtensionHash", "packageExtensionsApplied", "npmExtensionApplied"];
    if (extension.some((key) => key in entry)) return runsCode(`manifest extensions of "${location}"`);
    if ("hasShrinkwrap" in entry && entry.hasShrinkwrap === true && location !== "") return bringsLock(location);
    const odd = oddInEntry(location, entry);
    if (odd !== null) return unsupported(`"${odd}" in the lock's entry "${location}"`, RELOCK);
  }
  return null;
}

function judgeManifest(manifest: Buffer | null): Denial | null {
  if (manifest === null) return null;
  const text = manifest.toString("utf8").replace(/^\uFEFF/, "");
  try {
    const content = parseJson(text) as Record<string, unknown> | null;
    if (content?.["patchedDependencies"] !== undefined) return patched("package.json");
    if (content?.["packageExtensions"] !== undefined) return runsCode("packageExtensions of package.json");
    return null;
  } catch (error) {
    if (error instanceof JsonError) return unreadable("a package.json", error, text);
    throw error;
  }
}

/** A name that is there twice reads like one thing and counts as another. */
function unreadable(what: string, { message, offset }: JsonError, text: string): Denial {
  if (offset === null || !message.startsWith("duplicate"))
    return unsupported(`${what} that is no JSON (${message})`, REPAIR);
  const line = text.slice(0, offset).split("\n").length;
  return unsupported(`${what} with a ${message} in line ${line}`, "keep one of the two: npm takes the last");
}

function unsupported(what: string, hint: string): Denial {
  return { code: "LOCK_UNSUPPORTED", message: `${what} cannot be bound to bytes`, details: [], hint };
}

function patched(where: string): Denial {
  const message = `"${where}" is patched after unpacking: what is installed is not what was proven`;
  return { code: "LOCK_PATCHED", message, details: [], hint: "publish the patched package, or take the patch out" };
}

/** What that lock has would be put below it without being in this one: nobody has seen it, and nothing says what it binds. */
function bringsLock(location: string): Denial {
  const message = `"${location}" brings its own lock (npm-shrinkwrap.json), which decides what is installed below it`;
  const hint = "take a version of it without npm-shrinkwrap.json, or run it by its own installer; see docs/npm.md";
  return { code: "LOCK_UNSUPPORTED", message, details: [], hint };
}

function runsCode(what: string): Denial {
  const message = `${what} would change what npm resolves`;
  return { code: "LOCK_EXTENSION", message, details: [], hint: "use overrides in package.json instead" };
}

function shadowed(wanted: string, path: string): SafeInstallError {
  return new SafeInstallError("usage", "LOCK_SHADOWED", `npm reads ${path}, not ${wanted}`, { hint: `check ${path}` });
}

function hash(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
