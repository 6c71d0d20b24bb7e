import { type Denial, JsonError, parseJson } from "../../../src/plugin.ts";
import { readOwn } from "../package-json.ts";
import { oddInEntry, oddInLock } from "./entry.ts";

interface LockText {
  readonly lockfileVersion?: unknown;
  readonly packages?: unknown;
}

/** Why nothing of a lock can be bound, by its text alone; null where it can. */
export function judgeText(text: string): Denial | null {
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

/** The same of the project's own package.json. */
export function judgeManifest(manifest: Buffer | null): Denial | null {
  if (manifest === null) return null;
  const text = manifest.toString("utf8").replace(/^\uFEFF/, "");
  try {
    const { content, repeated } = readOwn(text);
    if (repeated !== null) return unsupported(`a package.json with a ${repeated}`, KEEP);
    if (content["patchedDependencies"] !== undefined) return patched("package.json");
    if (content["packageExtensions"] !== undefined) return runsCode("packageExtensions of package.json");
    return null;
  } catch (error) {
    if (error instanceof JsonError) return unreadable("a package.json", error, text);
    throw error;
  }
}

const KEEP = "keep one of the two: npm takes the last";

/** A name that is there twice reads like one thing and counts as another. */
function unreadable(what: string, { message, offset }: JsonError, text: string): Denial {
  if (offset === null || !message.startsWith("duplicate"))
    return unsupported(`${what} that is no JSON (${message})`, REPAIR);
  const line = text.slice(0, offset).split("\n").length;
  return unsupported(`${what} with a ${message} in line ${line}`, KEEP);
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
  return { code: "LOCK_IN_PACKAGE", message, details: [], hint };
}

export function runsCode(what: string): Denial {
  const message = `${what} would change what npm resolves`;
  return { code: "LOCK_EXTENSION", message, details: [], hint: "use overrides in package.json instead" };
}
