import { LIMITS } from "../../../src/plugin.ts";
import type { ObtainedTarball } from "../bytes/bytes.ts";
import { contentPath, sriOf } from "../integrity.ts";
import { conventionalUrl, registryOf, type Registries, urlVariants } from "../origin.ts";
import type { Locked } from "../resolve/places.ts";
import type { Conflict } from "../resolve/node.ts";
import { Buffer } from "node:buffer";
import { copyFile, link, mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import pMap from "p-map";
import semver from "semver";

export interface Filled {
  readonly locked: Locked;
  readonly bytes: ObtainedTarball;
}

/**
 * Fills an npm cache (`folder/_cacache`) with these bytes and nothing else, under every key that npm 10 to 12 ask for:
 * by digest; by tarball URL where the lock has no sha512; by packument where it has no `resolved`, or where npm looks
 * once more for what would settle a peer conflict.
 * @param resolves npm will resolve once more, for it has no lock (`--global`): every packument, with what it depends on
 */
export async function fillCache(
  folder: string,
  packages: readonly Filled[],
  registries: Registries,
  conflicts: readonly Conflict[] = [],
  resolves = false,
): Promise<void> {
  const cache = join(folder, "_cacache");
  await pMap(packages, (one) => addContent(cache, one), { concurrency: LIMITS.concurrency });
  const wished = askedOf(conflicts);
  // An archive that comes from no registry is found by its digest, and answers for no name.
  const named = packages.filter(({ locked }) => locked.archive === undefined);
  const indirect = named.filter((one) => resolves || needsKeys(one) || wished.has(one.locked.package.name));
  await pMap(indirect, (one) => addTarball(cache, one, registries), { concurrency: LIMITS.concurrency });
  await addPackuments(cache, indirect, registries, wished, resolves);
}

/** By name, what npm may ask that the lock does not answer. Only that question is answered: these bytes are nowhere. */
interface Asked {
  /** That would satisfy what the lock does not. */
  readonly versions: readonly string[];
  /** Tags, and the version that the lock has where they are asked for. */
  readonly tags: ReadonlyMap<string, string | null>;
}

function askedOf(conflicts: readonly Conflict[]): ReadonlyMap<string, Asked> {
  const found = new Map<string, Asked>();
  for (const { name, spec, version: locked } of conflicts) {
    const { versions, tags } = found.get(name) ?? NOTHING;
    const version = semver.validRange(spec) === null ? null : semver.minVersion(spec);
    const isTag = version === null && /^[\w.-]+$/.test(spec);
    found.set(name, {
      versions: version === null ? versions : [...versions, version.version],
      tags: isTag ? new Map([[spec, locked], ...tags]) : tags,
    });
  }
  return found;
}

const NOTHING: Asked = { versions: [], tags: new Map() };

function needsKeys({ locked }: Filled): boolean {
  return locked.places.some((place) => place.resolved === null || !(place.integrity ?? "").includes("sha512-"));
}

async function addContent(cache: string, { bytes }: Filled): Promise<void> {
  const path = contentPath(cache, sha512Of(bytes).hex);
  await mkdir(dirname(path), { recursive: true });
  await link(bytes.file, path).catch(() => copyFile(bytes.file, path));
}

async function addTarball(cache: string, one: Filled, registries: Registries): Promise<void> {
  const { name, version } = one.locked.package;
  const urls = one.locked.places.flatMap(({ resolved }) =>
    resolved === null ? [] : urlVariants(resolved, registries),
  );
  const all = new Set([...urls, ...urlVariants(conventionalUrl(name, version, registries), registries)]);
  const { size } = await stat(one.bytes.file);
  for (const url of all) await index(cache, url, integrityOf(one), size, {}, "application/octet-stream");
}

/** A packument with these versions only, for both kinds of Accept header that npm sends. */
async function addPackuments(
  cache: string,
  packages: readonly Filled[],
  registries: Registries,
  wished: ReadonlyMap<string, Asked>,
  resolves: boolean,
): Promise<void> {
  for (const name of new Set([...packages.map(({ locked }) => locked.package.name), ...wished.keys()])) {
    const versions = packages.filter(({ locked }) => locked.package.name === name);
    const url = `${registryOf(name, registries)}${name.replace("/", "%2f")}`;
    const body = Buffer.from(
      JSON.stringify(packumentOf(name, versions, registries, wished.get(name) ?? NOTHING, resolves)),
    );
    const { default: cacache } = await import("cacache");
    const integrity = await cacache.put(cache, `safe-install:${url}`, body, { algorithms: ["sha512"] });
    for (const accept of ACCEPTS) await index(cache, url, integrity, body.length, { accept }, "application/json");
  }
}

/** pacote `lib/registry.js`: the abbreviated document, and the full one where npm wants times. */
const ACCEPTS = [
  "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*",
  "application/json",
] as const;

function packumentOf(
  name: string,
  packages: readonly Filled[],
  registries: Registries,
  { versions: wished, tags }: Asked,
  resolves: boolean,
): unknown {
  const phantoms = wished.map((version) => {
    const tarball = conventionalUrl(name, version, registries);
    return [version, { name, version, dist: { tarball } }] as const;
  });
  const proven = packages.map((one) => {
    const { version } = one.locked.package;
    const tarball = conventionalUrl(name, version, registries);
    const manifest = resolves ? one.locked.places[0]?.manifest : {};
    return [version, { ...manifest, name, version, dist: { tarball, integrity: integrityOf(one) } }] as const;
  });
  // A version that is proven is what it is.
  const versions = [...phantoms.filter(([version]) => !proven.some(([own]) => own === version)), ...proven];
  const last = versions.at(-1)?.[0];
  const named = [...tags].map(
    ([tag, locked]) => [tag, proven.some(([own]) => own === locked) ? locked : last] as const,
  );
  const times = versions.map(([version]) => [version, LONG_AGO] as const);
  return {
    name,
    "dist-tags": Object.fromEntries([["latest", last] as const, ...named]),
    versions: Object.fromEntries(versions),
    time: { created: LONG_AGO, modified: LONG_AGO, ...Object.fromEntries(times) },
  };
}

/** The lock has fixed the version: `before` and `min-release-age` are for choosing one. */
const LONG_AGO = "2010-01-01T00:00:00.000Z";

/** An entry as make-fetch-happen writes it (`lib/cache/entry.js`). */
async function index(
  cache: string,
  url: string,
  integrity: string,
  size: number,
  reqHeaders: Readonly<Record<string, string>>,
  type: string,
): Promise<void> {
  const metadata = {
    time: Date.now(),
    url,
    reqHeaders,
    resHeaders: { "content-type": type },
    options: { compress: true },
  };
  // Most locks name every archive by address and digest: npm asks for no entry of them.
  const { default: cacache } = await import("cacache");
  await cacache.index.insert(cache, `make-fetch-happen:request-cache:${url}`, integrity, { metadata, size });
}

/** With the lock's weaker digests, so that npm finds the one it looks for. */
function integrityOf({ locked, bytes }: Filled): string {
  const weaker = locked.stated.text.split(" ").filter((word) => word !== "" && !word.startsWith("sha512-"));
  return [sriOf(sha512Of(bytes)), ...weaker].join(" ");
}

function sha512Of(bytes: ObtainedTarball): ObtainedTarball["digests"][number] {
  const digest = bytes.digests.find(({ algorithm }) => algorithm === "sha512");
  if (digest === undefined) throw new TypeError("bytes without a sha512");
  return digest;
}
