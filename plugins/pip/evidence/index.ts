import {
  type Artifact,
  type Digest,
  type Evidence,
  type Host,
  LIMITS,
  type Source,
  SourceUnavailable,
} from "../../../src/plugin.ts";
import { askBeside } from "../../../src/evidence/beside.ts";
import { readDocument } from "../../../src/evidence/document.ts";
import { askSource } from "../../../src/evidence/index.ts";
import { keptAnswer, readAndKeep } from "../../../src/evidence/kept.ts";
import { expand, type Fields, meansNone } from "../../../src/evidence/url.ts";
import type { PipSession } from "../session.ts";
import type { KnownPlaces } from "./known-places.ts";

/** What collecting needs to know of one file. */
interface WantedFile {
  readonly artifact: Artifact;
  readonly filename: string;
  /** Known so far; more once the bytes are here. */
  readonly digests: readonly Digest[];
  /** Where the index says that the provenance is; null: it says that there is none. */
  provenance(): Promise<string | null>;
  /** Where the file itself is; null where no index says so. */
  address(): Promise<string | null>;
}

export interface EvidencePlaces {
  readonly host: Host;
  /** null: there is no pip. */
  readonly session: PipSession | null;
  /** The origins of the user's indexes: only these are asked with credentials. */
  readonly origins: ReadonlySet<string>;
  readonly known: KnownPlaces;
}

/** Asks one source about one file. An empty answer means "no evidence". @throws SourceUnavailable */
export async function collectEvidence(
  wanted: WantedFile,
  source: Source,
  fresh: boolean,
  places: EvidencePlaces,
): Promise<readonly Evidence[]> {
  const { artifact, digests } = wanted;
  const { host } = places;
  const sought = {
    fresh,
    host,
    known: digests,
    digests: async () => digests,
    fields: fieldsOf(artifact, wanted.filename),
  };
  return askSource(source, sought, {
    own: async () => {
      const url = await wanted.provenance();
      return url === null ? [] : askIndex(url, "registry", fresh, places);
    },
    integrity: async (one) => {
      const url = expand(`${one.url.replace(/\/*$/, "")}${INTEGRITY}`, sought.fields);
      return url === null ? [] : askIndex(url, "integrity", fresh, places);
    },
    beside: async () => {
      const file = await wanted.address();
      const options = { accept: "application/json", maxBytes: LIMITS.evidenceBytes };
      return file === null ? [] : askBeside(file, (url) => get(url, options, places), host);
    },
  });
}

/** PyPI's Integrity API (docs/user/api/integrity): by normal name, version and file name. */
const INTEGRITY = "/integrity/{name}/{version}/{filename}/provenance";
const ACCEPT = "application/vnd.pypi.integrity.v1+json, application/json; q=0.9";

/**
 * GET of a provenance object (PEP 740). Asked without credentials first; an index of the user's that wants them, or that
 * only pip can reach, is asked again with pip's own session.
 */
async function askIndex(
  url: string,
  source: string,
  fresh: boolean,
  places: EvidencePlaces,
): Promise<readonly Evidence[]> {
  const { host } = places;
  const asked = { key: `${source}:${url}`, fresh, read: (answer: Buffer) => readProvenance(answer, source, url) };
  const kept = await keptAnswer(asked, host);
  if (kept !== null) return kept;
  const options = { accept: ACCEPT, maxBytes: LIMITS.evidenceBytes, hidden: HIDDEN };
  const { status, body } = await get(url, options, places);
  if (meansNone(status)) return [];
  if (status !== 200) throw new SourceUnavailable(url, `answered ${status}`);
  return readAndKeep(body, asked, host);
}

interface Got {
  readonly status: number;
  readonly body: Buffer;
  readonly type: string | null;
}

interface GetOptions {
  readonly accept: string;
  readonly maxBytes: number;
  /** Answers with which the user's own index may hide something from those whom it does not know. */
  readonly hidden?: ReadonlySet<number>;
}

/** A place that is down is asked once in a run. @throws SourceUnavailable */
export async function get(url: string, options: GetOptions, places: EvidencePlaces): Promise<Got> {
  return places.host.offline ? getNow(url, options, places) : places.known.ask(url, () => getNow(url, options, places));
}

async function getNow(url: string, options: GetOptions, { host, session, origins }: EvidencePlaces): Promise<Got> {
  const isOurs = origins.has(new URL(url).origin);
  try {
    const { status, body } = await host.fetch(url, options);
    const { hidden = WANTS_CREDENTIALS } = options;
    if (!isOurs || !hidden.has(status)) return { status, body, type: null };
    if (status === 404 && session === null) return { status, body, type: null };
    if (session === null) throw new SourceUnavailable(url, `answered ${status}, and there is no pip with credentials`);
  } catch (error) {
    if (!isOurs || host.offline || session === null || !(error instanceof SourceUnavailable)) throw error;
  }
  return session.get(url, options);
}

const WANTS_CREDENTIALS: ReadonlySet<number> = new Set([401, 403, 407]);

/** Some answer "there is none" to who does not say who he is. */
const HIDDEN: ReadonlySet<number> = new Set([...WANTS_CREDENTIALS, 404]);

/** An index that answers must answer with a provenance object; a bare bundle in its place is no answer of that address. */
function readProvenance(body: Buffer, source: string, url: string): readonly Evidence[] {
  const text = body.toString("utf8");
  const isProvenance = /"attestation_bundles"\s*:/.test(text);
  return isProvenance
    ? readDocument(text, source, url)
    : [{ source, location: url, malformed: 'an answer without "attestation_bundles"' }];
}

function fieldsOf({ package: { name, version } }: Artifact, filename: string): Fields {
  return { name, id: name, version, filename };
}
