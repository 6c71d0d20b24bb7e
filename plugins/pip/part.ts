import type { Artifact, Bytes, Digest, Evidence, NotGated, Part, Source, Unbound } from "../../src/plugin.ts";
import { type ObtainedWheel, obtainBytes } from "./bytes/bytes.ts";
import { neededAmong, saidIn } from "./bytes/said.ts";
import { isSameDistribution } from "./distribution.ts";
import { collectEvidence, type EvidencePlaces } from "./evidence/index.ts";
import { openMissing } from "./evidence/missing.ts";
import type { Ready } from "./handoff/compare.ts";
import { askPage } from "./lock/indexes.ts";
import type { Chosen } from "./report.ts";
import type { IndexFile, IndexPage } from "./simple.ts";

/** The chosen files as artifacts of a part: each file once, with all places that want it. */
export interface Members {
  readonly part: Part;
  /** Only for what was obtained. */
  readonly obtained: (one: Chosen) => ObtainedWheel;
  readonly ready: (one: Chosen) => Ready;
  readonly has: (one: Chosen) => boolean;
}

interface Around {
  readonly pages: readonly IndexPage[];
  /** By normal name: what the user's files state. */
  readonly hashes: ReadonlyMap<string, readonly string[]>;
  readonly places: EvidencePlaces;
}

interface Member {
  readonly chosen: Chosen;
  readonly artifact: Artifact;
}

export function openMembers(chosen: readonly (Chosen & { readonly location: string })[], around: Around): Members {
  const byKey = new Map<string, Member>();
  const byArtifact = new Map<Artifact, Member>();
  const here = new Map<Artifact, ObtainedWheel>();
  const purls = new Map<string, Set<string>>();
  for (const { package: ref } of chosen) purls.set(ref.name, (purls.get(ref.name) ?? new Set()).add(ref.purl));
  const told = (artifact: Artifact) => {
    const file = here.get(artifact)?.file;
    const said = file === undefined ? null : saidIn(file, artifact.package.name);
    return said === null ? null : { licence: said.licence, needs: neededAmong(said, purls) };
  };
  for (const key of new Set(chosen.map(keyOf))) {
    const same = chosen.filter((one) => keyOf(one) === key);
    const [first] = same;
    if (first === undefined) continue;
    const locations = [...new Set(same.map(({ location }) => location))];
    const member = { chosen: first, artifact: described(artifactOf(first, locations), told) };
    byKey.set(key, member);
    byArtifact.set(member.artifact, member);
  }
  const missing = openMissing(around.pages, (text) => around.places.host.notice(text));
  const underWay = new Map<Artifact, Promise<ObtainedWheel>>();
  const empty = { lockfile: null, unbound: [], notGated: [], opens: true };
  return {
    part: { ...empty, artifacts: [...byArtifact.keys()], obtain, collect, registryOf },
    obtained,
    ready,
    has: (one) => byKey.has(keyOf(one)),
  };

  async function obtain(artifact: Artifact): Promise<Bytes> {
    const { chosen: one } = memberOf(artifact);
    const work = underWay.get(artifact) ?? obtainAndKeep(one);
    underWay.set(artifact, work);
    const bytes = await work;
    here.set(artifact, bytes);
    return bytes;
  }

  async function obtainAndKeep(one: Chosen): Promise<ObtainedWheel> {
    const bytes = await obtainBytes(one, around.hashes.get(one.package.name) ?? []);
    await around.places.host.store.keep(bytes.file, { digests: bytes.digests });
    return bytes;
  }

  async function collect(artifact: Artifact, source: Source, fresh: boolean): Promise<readonly Evidence[]> {
    const { chosen: one } = memberOf(artifact);
    const digests: readonly Digest[] = await obtain(artifact).then(
      (bytes) => bytes.digests,
      () => artifact.digests,
    );
    const { filename } = one;
    const ask = (url: string | null) => {
      const [provenance, address] = [async () => url, async () => one.url];
      return collectEvidence({ artifact, filename, digests, provenance, address }, source, fresh, around.places);
    };
    const stated = provenanceOf(one, around.pages);
    const found = await ask(stated);
    if (found.length > 0 || source.kind !== "own") return found;
    const now = await provenanceNow(one, around.places);
    if (now === null && stated === null) missing(one);
    return now === null || now === stated ? found : ask(now);
  }

  function registryOf(artifact: Artifact): string | null {
    const { url } = memberOf(artifact).chosen;
    const pages = around.pages.filter(({ files }) => files.some((file) => file.url === url));
    return mirrorIn(pages.map((page) => new URL("..", page.url).href));
  }

  function obtained(one: Chosen): ObtainedWheel {
    const artifact = byKey.get(keyOf(one))?.artifact;
    const bytes = artifact === undefined ? undefined : here.get(artifact);
    if (bytes === undefined) throw new TypeError(`${one.filename} was not obtained`);
    return bytes;
  }

  function ready(one: Chosen): Ready {
    const digest = obtained(one).digests.find(({ algorithm }) => algorithm === "sha256");
    if (digest === undefined) throw new TypeError(`${one.filename} has no sha256`);
    const { name, version } = one.package;
    return { name, version, sha256: digest.hex, filename: one.filename };
  }

  function memberOf(artifact: Artifact): Member {
    const member = byArtifact.get(artifact);
    if (member === undefined) throw new TypeError(`${artifact.package.purl} is not of this part`);
    return member;
  }
}

interface Told {
  readonly licence: string | null;
  readonly needs: readonly string[] | null;
}

/** What it says of itself is read when somebody asks, once its bytes are here. */
function described(artifact: Artifact, told: (artifact: Artifact) => Told | null): Artifact {
  const known = lazilyOnce(() => told(whole));
  const whole: Artifact = {
    ...artifact,
    get licence() {
      return known()?.licence ?? undefined;
    },
    get dependsOn() {
      return known()?.needs ?? undefined;
    },
  };
  return whole;
}

/** Kept once it is known. */
function lazilyOnce<T>(find: () => T | null): () => T | null {
  let found: T | null = null;
  return () => (found ??= find());
}

/** What an earlier run saw there, or did not see, may be elsewhere by now; null: nothing is remembered. @throws SourceUnavailable */
async function provenanceNow(one: Chosen, places: EvidencePlaces): Promise<string | null> {
  if (one.listedOn === undefined) return null;
  const page = await askPage(one.listedOn, places);
  return page === null ? null : provenanceOf(one, [page]);
}

/** What was found out only from proven bytes. */
export function nothing(unbound: readonly Unbound[], notGated: readonly NotGated[] = []): Part {
  const none = async (): Promise<never> => {
    throw new TypeError("there is no artifact in this part");
  };
  return { lockfile: null, artifacts: [], unbound, notGated, opens: false, obtain: none, collect: none };
}

function keyOf({ package: { purl }, filename, url }: Chosen): string {
  return `${purl} ${filename} ${url}`;
}

/** The first of these indexes; null: it is the public one, which mirrors nothing. */
export function mirrorIn([index]: readonly string[]): string | null {
  if (index === undefined || !URL.canParse(index)) return null;
  const { origin, pathname, hostname } = new URL(index);
  return hostname === "pypi.org" ? null : `${origin}${pathname}`;
}

export function artifactOf(
  { package: ref, filename, stated }: Pick<Chosen, "package" | "filename" | "stated">,
  locations: readonly string[],
): Artifact {
  return {
    package: ref,
    digests: stated,
    locations,
    subjectNames: [filename],
    isSubjectName: (name) => isSameDistribution(name, filename),
    runsScripts: false,
  };
}

/** Where the index says that the provenance is: of this very file, by address or by name and stated hash. */
export function provenanceOf(
  { url, filename, stated }: Pick<Chosen, "url" | "filename" | "stated">,
  pages: readonly IndexPage[],
): string | null {
  const sha256 = stated.filter(({ algorithm }) => algorithm === "sha256").map(({ hex }) => hex);
  const isThis = (file: IndexFile) =>
    file.filename === filename && (file.url === url || sha256.includes(file.hashes["sha256"]?.toLowerCase() ?? ""));
  const files = pages.flatMap((page) => page.files).filter(isThis);
  return files.find(({ provenance }) => provenance !== null)?.provenance ?? null;
}
