import {
  type Denial,
  type Digest,
  digestOf,
  type NotGated,
  type PackageRef,
  parsePythonVersion,
  type Unbound,
} from "../../../src/plugin.ts";
import { isFileOf, packageRef, parseDistribution } from "../distribution.ts";
import { isFolderName, isName } from "./grammar.ts";
import { withoutSecrets } from "../report.ts";
import { buildsElsewhere } from "./unlocked.ts";

/** One file that a lock admits. */
export interface LockedFile {
  readonly name: string;
  readonly version: string;
  /** null: the lock knows only its hash. */
  readonly filename: string | null;
  readonly url: string | null;
  readonly digests: readonly Digest[];
  /** The index that the lock names; null: the configured ones. */
  readonly index: string | null;
  /** PEP 508 marker of the package; absent: always. */
  readonly marker?: string;
}

/** Everything that a lock says. */
export interface PythonLock {
  readonly files: readonly LockedFile[];
  readonly unbound: readonly Unbound[];
  readonly notGated: readonly NotGated[];
  /** What it calls a folder of ours, not looked at yet: see `folders.ts`. */
  readonly folders: readonly Folder[];
}

/** A folder that a lock names, relative to the lock. */
export interface Folder {
  readonly name: string;
  readonly version: string | null;
  readonly path: string;
  /** Its tool installs something else where there is no project in it. */
  readonly mustHaveProject: boolean;
  /** Its tool builds it; otherwise it is only where the lock's project lies. */
  readonly isBuilt: boolean;
}

export const EMPTY: PythonLock = { files: [], unbound: [], notGated: [], folders: [] };

export function join(locks: readonly PythonLock[]): PythonLock {
  return {
    files: locks.flatMap(({ files }) => files),
    unbound: locks.flatMap(({ unbound }) => unbound),
    notGated: locks.flatMap(({ notGated }) => notGated),
    folders: locks.flatMap(({ folders }) => folders),
  };
}

/** A dependency that is not a file of an index: by what kind of place it names. */
export function elsewhere(
  name: string,
  version: string | null,
  kind: "vcs" | "url" | "file",
  found: string,
): PythonLock {
  const denial: Denial = {
    code: ({ vcs: "GIT_DEPENDENCY", url: "REMOTE_DEPENDENCY", file: "FILE_DEPENDENCY" } as const)[kind],
    message: "the lock names a place outside of every index",
    details: [{ name: "source", expected: "an index", found: withoutSecrets(found) }],
    hint: "publish it to an index and lock it from there",
  };
  return { ...EMPTY, unbound: [{ package: refIn(name, version), location: name, denial }] };
}

/** A folder of the project, as far as its name goes; `part`: a folder in that folder. */
export function ownFolder(name: string, version: string | null, folder: string, part?: string): PythonLock {
  const isRelative = isFolderName(folder) && (part === undefined || isFolderName(part));
  const path = part === undefined ? folder : `${folder}/${part}`;
  if (!isRelative) return elsewhere(name, version, "file", path);
  return { ...EMPTY, folders: [{ name, version, path, mustHaveProject: false, isBuilt: true }] };
}

export function unusable(name: string, version: string | null, message: string): PythonLock {
  const hint = "make the lock again with a current tool, with hashes for every file";
  const denial: Denial = { code: "LOCK_UNSUPPORTED", message, details: [], hint };
  return { ...EMPTY, unbound: [{ package: refIn(name, version), location: name, denial }] };
}

/** Of what is no release, nothing is said but its text. */
function refIn(name: string, version: string | null): PackageRef | null {
  return version !== null && isRelease(name, version) ? packageRef(name, version) : null;
}

/**
 * `sha256:HEX` or a table of hashes; null where one of them is none that binds, or there is none. Installers accept bytes
 * that any one of them fits: all of them have to be judged.
 */
export function digestsIn(stated: unknown): readonly Digest[] | null {
  const pairs: readonly (readonly [string, unknown])[] =
    typeof stated === "string"
      ? [[stated.slice(0, stated.indexOf(":")), stated.slice(stated.indexOf(":") + 1)]]
      : typeof stated === "object" && stated !== null
        ? Object.entries(stated)
        : [];
  const digests = pairs.map(([name, hex]) => (typeof hex === "string" ? digestOf(name, hex) : null));
  const binding = digests.filter((one) => one !== null);
  return binding.length === 0 || binding.length < digests.length ? null : binding;
}

/** The files of one release: each once for every hash that it may have. */
export function filesOf(
  name: string,
  version: string,
  index: string | null,
  files: readonly { readonly filename: string; readonly url: string | null; readonly hash: unknown }[],
): PythonLock {
  if (!isRelease(name, version)) return unusable(name, null, "what it names is not a package and a version");
  const locked: LockedFile[] = [];
  for (const { filename, url, hash } of files) {
    const digests = digestsIn(hash);
    if (digests === null)
      return unusable(name, version, `${filename} has no sha256, sha384 or sha512, or another hash with it`);
    if (!isNamedFor(filename, name, version)) return stranger(name, version, filename);
    locked.push(...digests.map((one) => ({ name, version, filename, url, digests: [one], index })));
  }
  if (locked.length === 0) return unusable(name, version, "the lock names no file of it");
  return withoutBuilds(locked);
}

/** Whether it can stand in a requirement: a name (PEP 508) and a version (PEP 440), and nothing around them. */
export function isRelease(name: string, version: string): boolean {
  return isName(name) && isVersion(version);
}

function isVersion(version: string): boolean {
  return /^\S+$/.test(version) && parsePythonVersion(version) !== null;
}

/** Another package's file in this one's place: its own pipeline may have signed it. */
function stranger(name: string, version: string, filename: string): PythonLock {
  const denial: Denial = {
    code: "PACKAGE_MISMATCH",
    message: "the lock names a file of another package or version",
    details: [{ name: "file", expected: `${name} ${version}`, found: filename }],
    hint: "make the lock again; if it comes from somebody else, look who changed it",
  };
  return { ...EMPTY, unbound: [{ package: packageRef(name, version), location: filename, denial }] };
}

/**
 * Every file is judged, of every platform, source distributions too: a lock is for every machine that installs from it.
 * A release that there is only as source is denied as well.
 */
export function withoutBuilds(files: readonly LockedFile[]): PythonLock {
  // Whatever is no wheel is built, whether or not indexes still take its suffix.
  const isSource = ({ filename }: LockedFile) => filename !== null && !filename.endsWith(".whl");
  const hasWheel = files.some(({ filename }) => filename?.endsWith(".whl"));
  const unbound = (hasWheel ? [] : files.filter(isSource)).map(({ name, version, filename }): Unbound => {
    const denial: Denial = {
      code: "SOURCE_DISTRIBUTION",
      message: "the lock has no wheel of it: building from source runs its code, and nothing binds what comes out",
      details: [],
      hint: "build the wheel in your own pipeline, sign it there, and serve it from your index",
    };
    return { package: packageRef(name, version), location: filename ?? name, denial };
  });
  return { ...EMPTY, files, unbound, notGated: hasWheel ? buildsElsewhere(files) : [] };
}

/** Whether a file bears the name of this release: a wheel by its parts, every other archive also by how its name begins. */
export function isNamedFor(filename: string, name: string, version: string): boolean {
  if (isFileOf(filename, name, version)) return true;
  if (filename.endsWith(".whl") || parseDistribution(filename) !== null) return false;
  if (filename.length > 1000 || /[^\x21-\x7e]|[/\\]/.test(filename)) return false;
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_.]+/g, "-");
  return plain(filename).startsWith(`${plain(name)}-${plain(version)}-`);
}

/** The name that a lock's URL or path ends with. */
export function nameIn(address: string): string {
  const path = URL.canParse(address) ? new URL(address).pathname : address;
  const last = path.split(/[/\\]/).at(-1) ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
