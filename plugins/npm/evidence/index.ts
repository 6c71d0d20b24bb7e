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
import { type Fields, meansNone } from "../../../src/evidence/url.ts";
import { describe } from "../bytes/download.ts";
import { registryOf, type Registries, withoutCredentials } from "../origin.ts";
import { request } from "../request.ts";
import { Buffer } from "node:buffer";

/** One package, and where its tarball is. */
export interface WantedTarball {
  readonly artifact: Artifact;
  /** Where the tarball is, by the lock or by convention; null where that is no place of a registry in use. */
  readonly tarball: string | null;
  /** Of the bytes, which are fetched for it. @throws ArtifactError */
  readonly digests: () => Promise<readonly Digest[]>;
  /** What the registry's metadata sign. */
  readonly signature: (fresh: boolean) => Promise<readonly Evidence[]>;
}

/** Asks one source about one package. An empty answer means "no evidence". @throws SourceUnavailable, ArtifactError */
export async function collectEvidence(
  wanted: WantedTarball,
  source: Source,
  fresh: boolean,
  registries: Registries,
  host: Host,
): Promise<readonly Evidence[]> {
  const { artifact, digests, tarball } = wanted;
  const sought = { fresh, host, known: artifact.digests, digests, fields: fieldsOf(artifact) };
  return askSource(source, sought, {
    own: () => {
      const registry = registryOf(artifact.package.name, registries);
      return askRegistry(artifact, registry, "registry", fresh, registries, host);
    },
    registrySignature: () => wanted.signature(fresh),
    attestations: ({ url }) => askRegistry(artifact, url, "attestations", fresh, registries, host),
    beside: async ({ notary }) =>
      tarball === null ? [] : askBeside(tarball, (url) => get(url, registries, host), host, notary),
  });
}

/**
 * `GET {registry}/-/npm/v1/attestations/NAME@VERSION` (npm registry API). The address is computed: no packument is needed.
 * npm's own library decides which credentials belong to that address; a policy's registry that npm does not know gets none.
 */
async function askRegistry(
  artifact: Artifact,
  registry: string,
  source: string,
  fresh: boolean,
  registries: Registries,
  host: Host,
): Promise<readonly Evidence[]> {
  const url = attestationsUrl(artifact, registry);
  const location = withoutCredentials(url);
  const read = (answer: Buffer) => readAnswer(answer, source, location);
  const asked = { key: `${source}:${location}`, fresh, read };
  const kept = await keptAnswer(asked, host);
  if (kept !== null) return kept;
  const answer = await ask(url, location, registries, host);
  return answer === null ? [] : readAndKeep(answer, asked, host);
}

function attestationsUrl({ package: { name, version } }: Artifact, registry: string): string {
  const spec = `${name.replace("/", "%2f")}@${encodeURIComponent(version)}`;
  return `${registry.replace(/\/*$/, "")}/-/npm/v1/attestations/${spec}`;
}

/** GET with npm's credentials. */
async function get(url: string, registries: Registries, host: Host) {
  const body = await ask(url, withoutCredentials(url), registries, host);
  return body === null ? { status: 404, body: Buffer.alloc(0) } : { status: 200, body };
}

async function ask(url: string, location: string, registries: Registries, host: Host): Promise<Buffer | null> {
  if (host.offline) throw new SourceUnavailable(location, "offline, and not in the cache");
  try {
    return await request(url, registries, host, { retry: retryOf(registries), maxBytes: LIMITS.evidenceBytes });
  } catch (error) {
    if (error instanceof SourceUnavailable) throw error;
    if (meansNone((error as { statusCode?: number }).statusCode ?? 0)) return null;
    throw new SourceUnavailable(location, describe(error));
  }
}

/** Sooner than npm's own, which waits for minutes: an answer that fails three times is "could not find out". */
export function retryOf({ flat }: Registries) {
  const { retries = LIMITS.httpRetries } = (flat["retry"] ?? {}) as { readonly retries?: number };
  return { retries: Math.min(retries, LIMITS.httpRetries), factor: 3, minTimeout: 500, maxTimeout: 5000 };
}

/** A registry that answers must answer with the list; a bare bundle in its place is no answer of that endpoint. */
function readAnswer(answer: Buffer, source: string, url: string): readonly Evidence[] {
  const text = answer.toString("utf8");
  const isList = /"attestations"\s*:/.test(text);
  return isList
    ? readDocument(text, source, url)
    : [{ source, location: url, malformed: 'an answer without "attestations"' }];
}

function fieldsOf({ package: { name, version } }: Artifact): Fields {
  return { name, id: name, version, filename: `${name.split("/").at(-1)}-${version}.tgz` };
}
