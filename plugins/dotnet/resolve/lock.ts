import {
  closed,
  type Denial,
  type Digest,
  digestOf,
  free,
  type Host,
  JsonError,
  LIMITS,
  type NotGated,
  type PackageRef,
  parseJson,
  readAs,
  tableOf,
  text,
  type Unbound,
} from "../../../src/plugin.ts";
import { lower, packageKey, refOf } from "../names.ts";
import * as v from "valibot";

/** One package of the set: what is known of it before its bytes are here. */
export interface WantedPackage {
  readonly package: PackageRef;
  /** The lock's contentHash; empty where no lock states one. */
  readonly stated: readonly Digest[];
  /** The frameworks and projects that want it. */
  readonly locations: readonly string[];
  /** Purls of what it needs, as it was resolved; absent: not known. */
  readonly needs?: readonly string[];
}

/** What a set of locks or assets asks for. */
export interface PackageSet {
  /** By `packageKey`. */
  readonly wanted: ReadonlyMap<string, WantedPackage>;
  readonly unbound: readonly Unbound[];
  readonly notGated: readonly NotGated[];
}

/** Formats 1 to 3 (NuGet.ProjectModel, PackagesLockFileFormat): they differ in which keys may occur, not in their meaning. */
const LOCK = closed({ version: v.picklist([1, 2, 3]), dependencies: tableOf(tableOf(free)) });

const PROJECT = closed({ type: v.literal("Project"), dependencies: v.optional(tableOf(text)) });

const PACKAGE = closed({
  type: v.picklist(["Direct", "Transitive", "CentralTransitive"]),
  requested: v.optional(text),
  resolved: text,
  contentHash: text,
  dependencies: v.optional(tableOf(text)),
});

/** For docs/locks.md. */
export const NUGET_MEMBERS = { "the file": LOCK, "a package": PACKAGE, "a project of the solution": PROJECT };

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
  const found = readAs(LOCK, lock);
  if (!("value" in found)) return refused(path, `${found.wrong}: a lock that NuGet would not write`, NEWER);
  const { dependencies } = found.value;
  return join(
    Object.entries(dependencies).flatMap(([framework, entries]) =>
      Object.entries(entries).map(([id, entry]) => oneEntry(id, entry, { framework, path, entries })),
    ),
  );
}

const NEWER = "safe-install may be older than your SDK";

type Entry = Readonly<Record<string, unknown>>;

interface InFramework {
  readonly framework: string;
  readonly path: string;
  /** Of the same framework: NuGet resolves each id once for it. */
  readonly entries: Readonly<Record<string, Entry>>;
}

function oneEntry(id: string, entry: Entry, { framework, path, entries }: InFramework): PackageSet {
  const isProject = entry["type"] === "Project";
  const found = isProject ? readAs(PROJECT, entry) : readAs(PACKAGE, entry);
  if (!("value" in found)) return refused(path, `"${id}": ${found.wrong}`, WRITE_LOCK);
  if (found.value.type === "Project")
    return { ...NOTHING, notGated: [{ kind: "workspace", name: id, detail: "a project of the solution" }] };
  const { resolved, contentHash, dependencies = {} } = found.value;
  const ref = refOf(id, resolved);
  if (ref === null) return refused(path, `"${id}" has no id and exact version that NuGet knows`, WRITE_LOCK);
  const stated = digestOfHash(contentHash);
  if (stated === null) return refused(path, `"${id}" has no contentHash that is a SHA-512`, WRITE_LOCK, ref);
  const needs = purlsIn(Object.keys(dependencies), entries);
  const wanted = { package: ref, stated: [stated], locations: [framework], needs };
  return { ...NOTHING, wanted: new Map([[packageKey(ref), wanted]]) };
}

/** What is not there is pruned, or the framework's own. */
function purlsIn(ids: readonly string[], entries: InFramework["entries"]): readonly string[] {
  const sought = new Set(ids.map(lower));
  return Object.entries(entries).flatMap(([id, { resolved }]) =>
    sought.has(lower(id)) && typeof resolved === "string" ? (refOf(id, resolved)?.purl ?? []) : [],
  );
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
    const ref = known?.package ?? one.package;
    wanted.set(key, { package: ref, stated: stated.slice(0, 1), locations, ...neededBy(one, known) });
  }
  const notGated = new Map(parts.flatMap((part) => part.notGated).map((one) => [`${one.kind}:${one.name}`, one]));
  return { wanted, unbound, notGated: [...notGated.values()] };
}

function neededBy(one: WantedPackage, known: WantedPackage = one): Pick<WantedPackage, "needs"> {
  if (one.needs === undefined || known.needs === undefined) return {};
  return { needs: [...new Set([...known.needs, ...one.needs])].toSorted() };
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
