import {
  type Artifact,
  type Digest,
  type Evidence,
  type Host,
  LIMITS,
  redactUrl,
  type Source,
  SourceUnavailable,
} from "../../src/plugin.ts";
import { askDirectory } from "../../src/evidence/directory.ts";
import { readDocument } from "../../src/evidence/document.ts";
import { askGithub } from "../../src/evidence/github.ts";
import { keptAnswer, readAndKeep } from "../../src/evidence/kept.ts";
import { askUrl, expand, meansNone } from "../../src/evidence/url.ts";
import type { PipSession } from "./session.ts";
import { fileURLToPath } from "node:url";

/** What collecting needs to know of one file. */
export interface Wanted {
  readonly artifact: Artifact;
  readonly filename: string;
  /** Known so far; more once the bytes are here. */
  readonly digests: readonly Digest[];
  /** Where the index says that the provenance is; null: it says that there is none. */
  provenance(): Promise<string | null>;
  /** Where the file itself is; null where no index says so. */
  address(): Promise<string | null>;
}

export interface Places {
  readonly host: Host;
  readonly session: PipSession;
  /** The origins of the user's indexes: only these are asked with credentials. */
  readonly origins: ReadonlySet<string>;
}

/** Asks one source about one file. An empty answer means "no evidence". @throws SourceUnavailable */
export async function collectEvidence(
  wanted: Wanted,
  source: Source,
  fresh: boolean,
  places: Places,
): Promise<readonly Evidence[]> {
  switch (source.kind) {
    case "own": {
      const url = await wanted.provenance();
      return url === null ? [] : askIndex(url, "registry", fresh, places);
    }
    case "integrity": {
      const url = expand(`${source.url.replace(/\/*$/, "")}${INTEGRITY}`, fieldsOf(wanted));
      return url === null ? [] : askIndex(url, "integrity", fresh, places);
    }
    case "url":
      return askUrl(source.template, fieldsOf(wanted), fresh, places.host);
    case "directory":
      return askDirectory(source.path, wanted.digests, places.host);
    case "github":
      return askGithub(source.repositories ?? [], wanted.digests, fresh, places.host);
    case "beside":
      return askBeside(await wanted.address(), places);
    case "attestations":
    case "registrySignature":
    case "companion":
      throw new SourceUnavailable(source.kind, `"${source.kind}" is not a source for PyPI packages`);
    default:
      throw source satisfies never;
  }
}

/** PyPI's Integrity API (docs/user/api/integrity): by normal name, version and file name. */
const INTEGRITY = "/integrity/{name}/{version}/{filename}/provenance";
const ACCEPT = "application/vnd.pypi.integrity.v1+json, application/json; q=0.9";

/**
 * GET of a provenance object (PEP 740). Asked without credentials first; an index of the user's that wants them, or that
 * only pip can reach, is asked again with pip's own session.
 */
async function askIndex(url: string, source: string, fresh: boolean, places: Places): Promise<readonly Evidence[]> {
  const { host } = places;
  const asked = { key: `${source}:${url}`, fresh, read: (answer: Buffer) => readProvenance(answer, source, url) };
  const kept = await keptAnswer(asked, host);
  if (kept !== null) return kept;
  const { status, body } = await get(url, { accept: ACCEPT, maxBytes: LIMITS.evidenceBytes }, places);
  if (meansNone(status)) return [];
  if (status !== 200) throw new SourceUnavailable(url, `answered ${status}`);
  return readAndKeep(body, asked, host);
}

const BESIDE = ".sigstore.json";

/** A sidecar next to the file: on its index, or in the folder of `--find-links`. */
async function askBeside(address: string | null, places: Places): Promise<readonly Evidence[]> {
  if (address === null || !URL.canParse(address)) return [];
  const url = new URL(address);
  url.pathname += BESIDE;
  if (url.protocol === "file:") {
    const path = fileURLToPath(url);
    const content = await places.host.read(path, { maxBytes: LIMITS.evidenceBytes });
    return content === null ? [] : readDocument(content.toString("utf8"), "beside", path);
  }
  const { status, body } = await get(url.href, { accept: "application/json", maxBytes: LIMITS.evidenceBytes }, places);
  if (meansNone(status)) return [];
  if (status !== 200) throw new SourceUnavailable(redactUrl(url.href), `answered ${status}`);
  return readDocument(body.toString("utf8"), "beside", redactUrl(url.href));
}

export interface Got {
  readonly status: number;
  readonly body: Buffer;
  readonly type: string | null;
}

/** @throws SourceUnavailable */
export async function get(
  url: string,
  options: { readonly accept: string; readonly maxBytes: number },
  { host, session, origins }: Places,
): Promise<Got> {
  const isOurs = origins.has(new URL(url).origin);
  try {
    const { status, body } = await host.fetch(url, options);
    if (!isOurs || !WANTS_CREDENTIALS.has(status)) return { status, body, type: null };
  } catch (error) {
    if (!isOurs || host.offline || !(error instanceof SourceUnavailable)) throw error;
  }
  return session.get(url, options);
}

const WANTS_CREDENTIALS: ReadonlySet<number> = new Set([401, 403, 407]);

/** An index that answers must answer with a provenance object; a bare bundle in its place is no answer of that address. */
function readProvenance(body: Buffer, source: string, url: string): readonly Evidence[] {
  const text = body.toString("utf8");
  const isProvenance = /"attestation_bundles"\s*:/.test(text);
  return isProvenance
    ? readDocument(text, source, url)
    : [{ source, location: url, malformed: 'an answer without "attestation_bundles"' }];
}

function fieldsOf({ artifact, filename, digests }: Wanted): Readonly<Record<string, string>> {
  const { name, version } = artifact.package;
  const hex = digests.map(({ algorithm, hex }) => [algorithm, hex] as const);
  return { name, id: name, version, filename, ...Object.fromEntries(hex) };
}
