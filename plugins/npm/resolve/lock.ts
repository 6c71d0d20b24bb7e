import { type Host, LIMITS, SafeInstallError, type Unbound } from "../../../src/plugin.ts";
import type { Installer } from "../installer.ts";
import { LOCKFILES } from "../table.ts";
import { judgeManifest, judgeText, runsCode } from "./text.ts";
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
  return judged({ path, content, names }, project, host);
}

/**
 * The lock that this npm does not read and another one does: npm up to 11 reads npm-shrinkwrap.json where both are there,
 * npm 12 package-lock.json always. null: there is none, or it says the same.
 */
export async function otherLock({ path, sha256 }: NpmLock, host: Reader): Promise<NpmLock | null> {
  const [shrinkwrap, packageLock] = LOCKFILES;
  if (basename(path) !== shrinkwrap) return null;
  const other = join(dirname(path), packageLock);
  const content = await host.read(other, { maxBytes: LIMITS.lockfileBytes });
  if (content === null || hash(content) === sha256) return null;
  return judged({ path: other, content, names: [packageLock] }, dirname(path), host);
}

interface LockFile {
  readonly path: string;
  readonly content: Buffer;
  readonly names: readonly string[];
}

async function judged({ path, content, names }: LockFile, project: string, host: Reader): Promise<NpmLock> {
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

function shadowed(wanted: string, path: string): SafeInstallError {
  return new SafeInstallError("usage", "LOCK_SHADOWED", `npm reads ${path}, not ${wanted}`, { hint: `check ${path}` });
}

function hash(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
