import { type Artifact, type Evidence, type Host, LIMITS, type Source, SourceUnavailable } from "../../src/plugin.ts";
import { askDirectory } from "../../src/evidence/directory.ts";
import { readDocument } from "../../src/evidence/document.ts";
import { keptAnswer, readAndKeep } from "../../src/evidence/kept.ts";
import { askUrl, meansNone } from "../../src/evidence/url.ts";
import { describe } from "./download.ts";
import { registryOf, type Registries, withoutCredentials } from "./origin.ts";
import { request } from "./request.ts";
import type { Buffer } from "node:buffer";

/** Asks one source about one package. An empty answer means "no evidence". @throws SourceUnavailable */
export async function collectEvidence(
  artifact: Artifact,
  source: Exclude<Source, { readonly kind: "registrySignature" }>,
  fresh: boolean,
  registries: Registries,
  host: Host,
): Promise<readonly Evidence[]> {
  const { name } = artifact.package;
  switch (source.kind) {
    case "own":
      return askRegistry(artifact, registryOf(name, registries), "registry", fresh, registries, host);
    case "attestations":
      return askRegistry(artifact, source.url, "attestations", fresh, registries, host);
    case "url":
      return askUrl(source.template, fieldsOf(artifact), fresh, host);
    case "directory":
      return askDirectory(source.path, artifact.digests, host);
    case "companion":
    case "integrity":
    case "github":
    case "beside":
      throw new SourceUnavailable(source.kind, `"${source.kind}" is not a source for npm packages`);
    default:
      throw source satisfies never;
  }
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
  if (host.offline) throw new SourceUnavailable(location, "offline, and not in the cache");
  const answer = await ask(url, location, registries, host);
  return answer === null ? [] : readAndKeep(answer, asked, host);
}

export function attestationsUrl({ package: { name, version } }: Artifact, registry: string): string {
  const spec = `${name.replace("/", "%2f")}@${encodeURIComponent(version)}`;
  return `${registry.replace(/\/*$/, "")}/-/npm/v1/attestations/${spec}`;
}

async function ask(url: string, location: string, registries: Registries, host: Host): Promise<Buffer | null> {
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

function fieldsOf({ package: { name, version }, digests }: Artifact): Readonly<Record<string, string>> {
  const hex = digests.map(({ algorithm, hex }) => [algorithm, hex] as const);
  const filename = `${name.split("/").at(-1)}-${version}.tgz`;
  return { name, id: name, version, filename, ...Object.fromEntries(hex) };
}
