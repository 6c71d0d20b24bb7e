import { type Denial, type Digest, digestOf, type NotGated, type Unbound } from "../../../src/plugin.ts";
import { packageRef, parseDistribution } from "../distribution.ts";
import { withoutSecrets } from "../report.ts";

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
export interface Lock {
  readonly files: readonly LockedFile[];
  readonly unbound: readonly Unbound[];
  readonly notGated: readonly NotGated[];
}

export const EMPTY: Lock = { files: [], unbound: [], notGated: [] };

export function join(locks: readonly Lock[]): Lock {
  return {
    files: locks.flatMap(({ files }) => files),
    unbound: locks.flatMap(({ unbound }) => unbound),
    notGated: locks.flatMap(({ notGated }) => notGated),
  };
}

/** A dependency that is not a file of an index: by what kind of place it names. */
export function elsewhere(name: string, version: string | null, kind: "vcs" | "url" | "file", found: string): Lock {
  const denial: Denial = {
    code: ({ vcs: "GIT_DEPENDENCY", url: "REMOTE_DEPENDENCY", file: "FILE_DEPENDENCY" } as const)[kind],
    message: "the lock names a place outside of every index",
    details: [{ name: "source", expected: "an index", found: withoutSecrets(found) }],
    hint: "publish it to an index and lock it from there",
  };
  return {
    ...EMPTY,
    unbound: [{ package: version === null ? null : packageRef(name, version), location: name, denial }],
  };
}

/** The project's own folders. */
export function firstParty(name: string, folder: string): Lock {
  return { ...EMPTY, notGated: [{ kind: "first-party", name: folder, detail: name }] };
}

export function unusable(name: string, version: string | null, message: string): Lock {
  const hint = "make the lock again with a current tool, with hashes for every file";
  const denial: Denial = { code: "LOCK_UNSUPPORTED", message, details: [], hint };
  return {
    ...EMPTY,
    unbound: [{ package: version === null ? null : packageRef(name, version), location: name, denial }],
  };
}

/** `sha256:HEX` or a table of hashes; null where nothing that binds is among them. */
export function digestsIn(stated: unknown): readonly Digest[] | null {
  const pairs: readonly (readonly [string, string])[] =
    typeof stated === "string"
      ? [[stated.slice(0, stated.indexOf(":")), stated.slice(stated.indexOf(":") + 1)]]
      : isTable(stated)
        ? Object.entries(stated).filter((pair): pair is [string, string] => typeof pair[1] === "string")
        : [];
  const digests = pairs.map(([name, hex]) => digestOf(name, hex)).filter((one) => one !== null);
  return digests.length === 0 ? null : digests;
}

/** The files of one package version: all wheels; source distributions only where there is nothing else. */
export function filesOf(
  name: string,
  version: string,
  index: string | null,
  files: readonly { readonly filename: string | null; readonly url: string | null; readonly hash: unknown }[],
): Lock {
  const locked: LockedFile[] = [];
  for (const { filename, url, hash } of files) {
    const digests = digestsIn(hash);
    if (digests === null) return unusable(name, version, `${filename ?? "a file"} has no sha256, sha384 or sha512`);
    locked.push({ name, version, filename, url, digests, index });
  }
  if (locked.length === 0) return unusable(name, version, "the lock names no file of it");
  return withoutSources(locked);
}

/** Wheels of every platform are judged: a lock is for every machine that installs from it. */
export function withoutSources(files: readonly LockedFile[]): Lock {
  const isSource = ({ filename }: LockedFile) => filename !== null && !filename.endsWith(".whl");
  const sources = files.filter(isSource);
  const others = files.filter((one) => !isSource(one));
  if (others.length > 0) {
    const notGated = sources.map(({ filename }): NotGated => ({ kind: "omitted", name: filename ?? "", detail: LEFT }));
    return { ...EMPTY, files: others, notGated };
  }
  const unbound = sources.map(({ name, version, filename }): Unbound => {
    const denial: Denial = {
      code: "SOURCE_DISTRIBUTION",
      message: "the lock has no wheel of it: building from source runs its code, and nothing binds what comes out",
      details: [],
      hint: "build the wheel in your own pipeline, sign it there, and serve it from your index",
    };
    return { package: packageRef(name, version), location: filename ?? name, denial };
  });
  return { files: sources, unbound, notGated: [] };
}

const LEFT = "a source distribution beside wheels is never built";

/** The name that a lock's URL or path ends with. */
export function nameIn(address: string): string | null {
  const path = URL.canParse(address) ? new URL(address).pathname : address;
  try {
    const last = decodeURIComponent(path.split(/[/\\]/).at(-1) ?? "");
    return parseDistribution(last) === null ? null : last;
  } catch {
    return null;
  }
}

export type Table = Readonly<Record<string, unknown>>;

export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

export function tables(value: unknown): readonly Table[] {
  return Array.isArray(value) ? value.filter(isTable) : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
