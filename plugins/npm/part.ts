import type { Artifact, Bytes, Host, NotGated, Part, Proven } from "../../src/plugin.ts";
import { type ErrorCode, SafeInstallError } from "../../src/plugin.ts";
import { type ObtainedTarball, obtainBytes } from "./bytes/bytes.ts";
import type { Filled } from "./handoff/cache.ts";
import { collectEvidence, type WantedTarball } from "./evidence/index.ts";
import { digestsOf } from "./integrity.ts";
import type { NpmLock } from "./resolve/lock.ts";
import { describePackage } from "./evidence/packument.ts";
import { registryOf, type Registries, withoutCredentials } from "./origin.ts";
import { npmDefinitions } from "./private.ts";
import { licenceOf } from "./resolve/licence.ts";
import { type Locked, type LockResolution, packedName } from "./resolve/places.ts";
import { registrySignatures } from "./evidence/registry-signatures.ts";
import { tarballUrl } from "./bytes/download.ts";

export interface NpmPart extends Part {
  readonly resolution: LockResolution;
  /** The bytes so far, by purl. */
  readonly obtained: ReadonlyMap<string, ObtainedTarball>;
}

interface Means {
  readonly lock: Pick<NpmLock, "path" | "unbound">;
  readonly registries: Registries;
  readonly host: Host;
}

/** The packages of a resolution, and how to get at their bytes and evidence. */
export async function partOf(resolution: LockResolution, { lock, registries, host }: Means): Promise<NpmPart> {
  const folder = await host.temporary("npm-bytes");
  const signatures = registrySignatures(resolution, registries, host);
  const obtained = new Map<string, ObtainedTarball>();
  const underWay = new Map<string, Promise<ObtainedTarball>>();
  const lies = new Map(
    [...resolution.locked.values()].flatMap((one) =>
      one.places.map(({ location }) => [location, one.package.purl] as const),
    ),
  );
  return {
    lockfile: lock.path,
    resolution,
    obtained,
    artifacts: [...resolution.locked.values()].map((locked) => artifactOf(locked, obtained, lies)),
    unbound: [...lock.unbound, ...resolution.unbound],
    notGated: resolution.notGated,
    opens: false,
    obtain,
    collect: (artifact, source, fresh) => collectEvidence(wantedOf(artifact), source, fresh, registries, host),
    registryOf: ({ package: { name }, archive }) => (archive === undefined ? servedBy(name, registries) : null),
    describe: (artifact) => describePackage(artifact, registries, host),
  };

  function wantedOf(artifact: Artifact): WantedTarball {
    return {
      artifact: asHashed(artifact),
      tarball: tarballUrl(lockedOf(resolution, artifact.package.purl), registries),
      digests: async () => (await obtain(artifact)).digests,
      signature: (fresh) => signatures(artifact.package, fresh),
    };
  }

  /** Evidence may be kept by a digest that only the bytes tell. */
  function asHashed(artifact: Artifact): Artifact {
    const bytes = obtained.get(artifact.package.purl);
    return bytes === undefined ? artifact : { ...artifact, digests: bytes.digests };
  }

  async function obtain({ package: { purl } }: Artifact, anew = false): Promise<Bytes> {
    // What is asked meanwhile waits for the new ones.
    if (anew) obtained.delete(purl);
    const known = anew ? undefined : underWay.get(purl);
    const work = known ?? obtainBytes(lockedOf(resolution, purl), { registries, folder, host, anew });
    underWay.set(purl, work);
    const bytes = await work;
    obtained.set(purl, bytes);
    return bytes;
  }
}

/** The public registry has what there is: it mirrors nothing. */
function servedBy(name: string, registries: Registries): string | null {
  const url = withoutCredentials(registryOf(name, registries));
  const { definitions } = npmDefinitions();
  return new URL(url).host === new URL(String(definitions["registry"]?.default)).host ? null : url;
}

function artifactOf(
  locked: Locked,
  obtained: ReadonlyMap<string, ObtainedTarball>,
  lies: ReadonlyMap<string, string>,
): Artifact {
  const { package: ref, stated, places, archive } = locked;
  const needs = places.map((place) => place.needs);
  const needed = new Set(needs.flatMap((all = []) => all.flatMap((location) => lies.get(location) ?? [])));
  return {
    package: ref,
    digests: digestsOf(stated),
    locations: places.map(({ location }) => location),
    ...(archive === undefined
      ? { subjectNames: [ref.purl, packedName(ref)] }
      : { subjectNames: [], archive: archive.place }),
    /** What the lock says, and once the archive is here, what it says. */
    get runsScripts() {
      return places.some(({ hasInstallScript }) => hasInstallScript) || (obtained.get(ref.purl)?.runsScripts ?? false);
    },
    /** What the archive says, once it is here; the lock's word until then. */
    get licence() {
      const said = obtained.get(ref.purl)?.licence ?? licenceOf(places[0]?.manifest ?? {});
      return said ?? undefined;
    },
    ...(needs.includes(undefined) ? {} : { dependsOn: [...needed].toSorted() }),
  };
}

function lockedOf({ locked }: LockResolution, purl: string): Locked {
  const found = locked.get(purl);
  if (found === undefined) throw new TypeError(`${purl} is not of this part`);
  return found;
}

/**
 * What npm will unpack: all of the part, each package with the bytes that were obtained for it.
 * @throws SafeInstallError LOCK_UNSUPPORTED, NOT_OBTAINED: less, or anything else, is never handed off
 */
export function packagesOf(proven: readonly Proven[], { resolution, unbound, obtained }: NpmPart): readonly Filled[] {
  if (unbound.length > 0)
    throw refused("LOCK_UNSUPPORTED", "dependencies that cannot be bound to bytes are never installed");
  const purls = new Set(proven.map(({ artifact }) => artifact.package.purl));
  const missing = [...resolution.locked.keys()].find((purl) => !purls.has(purl));
  if (missing !== undefined) throw refused("NOT_OBTAINED", `${missing} was not proven`);
  return [...purls].map((purl) => {
    const locked = resolution.locked.get(purl);
    const bytes = obtained.get(purl);
    if (locked === undefined || bytes === undefined)
      throw refused("NOT_OBTAINED", `${purl} is not one of this project's packages`);
    return { locked, bytes };
  });
}

function refused(code: ErrorCode, message: string): SafeInstallError {
  return new SafeInstallError("unbound", code, message);
}

/** A part without packages, for a command that fetches nothing; a report names what it uses instead. */
export function nothingBut(notGated: readonly NotGated[]): Part {
  const notOfThis = () => Promise.reject(new TypeError("there is no package in this part"));
  return { lockfile: null, artifacts: [], unbound: [], notGated, opens: false, obtain: notOfThis, collect: notOfThis };
}
