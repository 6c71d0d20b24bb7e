import {
  type Denial,
  type Digest,
  digestOf,
  type Host,
  JsonError,
  LIMITS,
  type NotGated,
  type PackageRef,
  parseJson,
  type Unbound,
} from "../../../src/plugin.ts";
import { packageKey, refOf } from "../names.ts";

/** One package of the set: what is known of it before its bytes are here. */
export interface WantedPackage {
  readonly package: PackageRef;
  /** The lock's contentHash; empty where no lock states one. */
  readonly stated: readonly Digest[];
  /** The frameworks and projects that want it. */
  readonly locations: readonly string[];
}

/** What a set of locks or assets asks for. */
export interface PackageSet {
  /** By `packageKey`. */
  readonly wanted: ReadonlyMap<string, WantedPackage>;
  readonly unbound: readonly Unbound[];
  readonly notGated: readonly NotGated[];
}

interface LockEntry {
  readonly type?: unknown;
  readonly resolved?: unknown;
  readonly contentHash?: unknown;
}

/** Formats 1 to 3 (NuGet.ProjectModel, PackagesLockFileFormat): they differ in which keys may occur, not in their meaning. */
const VERSIONS: readonly unknown[] = [1, 2, 3];

/** Reads one packages.lock.json. What is wrong with the file as a whole is the one thing that is unbound. */
export async function readLock(path: string, host: Pick<Host, "read">): Promise<PackageSet> {
  const content = await host.read(path, { maxBytes: LIMITS.lockfileBytes });
  if (content === null) return refused(path, "there is no packages.lock.json", WRITE_LOCK);
  try {
    return resolutionOf(parseJson(content.toString("utf8").replace(/^\uFEFF/, "")), path);
  } catch (error) {
    if (error instanceof JsonError) return refused(path, `not JSON: ${error.message}`, WRITE_LOCK);
    throw error;
  }
}

const WRITE_LOCK = "dotnet restore --use-lock-file writes one";

function resolutionOf(lock: unknown, path: string): PackageSet {
  const { version, dependencies } = (isObject(lock) ? lock : {}) as { version?: unknown; dependencies?: unknown };
  if (!VERSIONS.includes(version) || !isObject(dependencies))
    return refused(
      path,
      `a lock of version ${String(version)} is not known`,
      "safe-install may be older than your SDK",
    );
  return join(Object.entries(dependencies).flatMap(([framework, entries]) => entriesOf(entries, framework, path)));
}

function entriesOf(entries: unknown, framework: string, path: string): readonly PackageSet[] {
  if (!isObject(entries)) return [refused(path, `"${framework}" is not a list of packages`, WRITE_LOCK)];
  return Object.entries(entries).map(([id, entry]) => oneEntry(id, isObject(entry) ? entry : {}, framework, path));
}

function oneEntry(id: string, { type, resolved, contentHash }: LockEntry, framework: string, path: string): PackageSet {
  if (type === "Project")
    return { ...NOTHING, notGated: [{ kind: "workspace", name: id, detail: "a project of the solution" }] };
  const ref = typeof resolved === "string" ? refOf(id, resolved) : null;
  if (ref === null) return refused(path, `"${id}" has no id and exact version that NuGet knows`, WRITE_LOCK);
  const stated = typeof contentHash === "string" ? digestOfHash(contentHash) : null;
  if (stated === null) return refused(path, `"${id}" has no contentHash that is a SHA-512`, WRITE_LOCK, ref);
  const wanted = { package: ref, stated: [stated], locations: [framework] };
  return { ...NOTHING, wanted: new Map([[packageKey(ref), wanted]]) };
}

/** NuGet's contentHash: SHA-512 in base64 of the package without its signature. */
export function digestOfHash(contentHash: string): Digest | null {
  const bytes = Buffer.from(contentHash, "base64");
  return bytes.toString("base64") === contentHash ? digestOf("sha512", bytes.toString("hex")) : null;
}

const NOTHING: PackageSet = { wanted: new Map(), unbound: [], notGated: [] };

/** The union; one package under two hashes can be neither. */
export function join(parts: readonly PackageSet[]): PackageSet {
  const wanted = new Map<string, WantedPackage>();
  const unbound = parts.flatMap((part) => part.unbound);
  for (const [key, one] of parts.flatMap((part) => [...part.wanted])) {
    const known = wanted.get(key);
    const stated = [
      ...new Map([...(known?.stated ?? []), ...one.stated].map((digest) => [digest.hex, digest])).values(),
    ];
    if (stated.length > 1) unbound.push(contradiction(one, stated));
    const locations = [...new Set([...(known?.locations ?? []), ...one.locations])];
    wanted.set(key, { package: known?.package ?? one.package, stated: stated.slice(0, 1), locations });
  }
  const notGated = new Map(parts.flatMap((part) => part.notGated).map((one) => [`${one.kind}:${one.name}`, one]));
  return { wanted, unbound, notGated: [...notGated.values()] };
}

function contradiction({ package: ref, locations }: WantedPackage, stated: readonly Digest[]): Unbound {
  const denial: Denial = {
    code: "INTEGRITY_UNUSABLE",
    message: "locked with two different hashes",
    details: [{ name: "sha512", expected: stated[0]?.hex ?? "", found: stated[1]?.hex ?? "" }],
  };
  return { package: ref, location: locations.join(", "), denial };
}

function refused(path: string, message: string, hint: string, ref: PackageRef | null = null): PackageSet {
  const denial: Denial = { code: "LOCK_UNSUPPORTED", message, details: [], location: path, hint };
  return { ...NOTHING, unbound: [{ package: ref, location: path, denial }] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
