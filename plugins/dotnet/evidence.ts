import {
  type Artifact,
  type Bytes,
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
import { askUrl, type Fields, meansNone } from "../../src/evidence/url.ts";
import { askCompanion } from "./companion.ts";
import { type Feed, get, isRemote, packageUrl } from "./feed.ts";
import { fileName, lower } from "./names.ts";
import type { Opened } from "./package.ts";
import { ownSignature } from "./signature.ts";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** What asking about one package needs. */
export interface Asked {
  readonly artifact: Artifact;
  readonly feeds: readonly Feed[];
  readonly fresh: boolean;
  readonly host: Host;
  /** Fetches the bytes (once). */
  obtain(): Promise<Opened & Bytes>;
}

/** Asks one source about one package. An empty answer means "no evidence". @throws SourceUnavailable, ArtifactError */
export async function collectEvidence(source: Source, asked: Asked): Promise<readonly Evidence[]> {
  const { artifact, feeds, fresh, host } = asked;
  switch (source.kind) {
    case "own":
      return source.signature === true ? ownSignature("author", await asked.obtain(), artifact) : [];
    case "registrySignature":
      return ownSignature("repository", await asked.obtain(), artifact);
    case "url":
      return askUrl(source.template, await fieldsFor(source.template, asked), fresh, host);
    case "beside":
      return firstOf(feeds, (feed) => askBeside(feed, artifact, host));
    case "companion":
      return firstOf(feeds, (feed) => askCompanion(source.template, feed, artifact, host));
    case "github":
      return askGithub(source.repositories ?? [], await allDigests(asked), fresh, host);
    case "directory": {
      const known = await askDirectory(source.path, artifact.digests, host);
      return known.length > 0 ? known : askDirectory(source.path, await allDigests(asked), host);
    }
    case "attestations":
    case "integrity":
      throw new SourceUnavailable(source.kind, `"${source.kind}" is not a source for NuGet packages`);
    default:
      throw source satisfies never;
  }
}

/** The feeds in order until one answers. One that cannot be asked counts only where no other has evidence. */
async function firstOf(
  feeds: readonly Feed[],
  ask: (feed: Feed) => Promise<readonly Evidence[]>,
): Promise<readonly Evidence[]> {
  let unavailable: SourceUnavailable | null = null;
  for (const feed of feeds) {
    try {
      const found = await ask(feed);
      if (found.length > 0) return found;
    } catch (error) {
      if (!(error instanceof SourceUnavailable)) throw error;
      unavailable ??= error;
    }
  }
  if (unavailable !== null) throw unavailable;
  return [];
}

/** Names under which publishers put a bundle beside a package. */
export const ENDINGS: readonly string[] = [".sigstore.json", ".sigstore", ".intoto.jsonl"];

async function askBeside(feed: Feed, { package: ref }: Artifact, host: Host): Promise<readonly Evidence[]> {
  if (isRemote(feed)) return askBesideUrl(feed, `${await packageUrl(feed, ref, host)}${ENDINGS[0]}`, host);
  const nested = join(feed.address, lower(ref.name), lower(ref.version));
  const answers = await Promise.all([feed.address, nested].map((folder) => besideIn(folder, fileName(ref), host)));
  return answers.flat();
}

async function askBesideUrl(feed: Feed, url: string, host: Host): Promise<readonly Evidence[]> {
  const { status, body } = await get(feed, url, LIMITS.evidenceBytes, host);
  if (meansNone(status)) return [];
  if (status !== 200) throw new SourceUnavailable(redactUrl(url), `answered ${status}`);
  return readDocument(body.toString("utf8"), "beside", redactUrl(url));
}

async function besideIn(folder: string, file: string, host: Host): Promise<readonly Evidence[]> {
  const names = await readdir(folder).catch(() => []);
  const wanted = new Set(ENDINGS.map((ending) => file + ending));
  const found: Evidence[] = [];
  for (const path of names.filter((name) => wanted.has(lower(name))).map((name) => join(folder, name))) {
    const content = await host.read(path, { maxBytes: LIMITS.evidenceBytes });
    if (content !== null) found.push(...readDocument(content.toString("utf8"), "beside", path));
  }
  return found;
}

/** Of every form: an attestation may be about any of them. */
async function allDigests(asked: Asked): Promise<readonly Digest[]> {
  const { digests, rawDigests } = await asked.obtain();
  return [...new Map([...digests, ...rawDigests].map((one) => [one.hex, one])).values()];
}

/** Digests that are not known yet are worked out only for a template that asks for them. */
async function fieldsFor(template: string, asked: Asked): Promise<Fields> {
  const { artifact } = asked;
  const { name, version } = artifact.package;
  const digests = /\{sha(256|512)\}/.test(template) ? (await asked.obtain()).digests : artifact.digests;
  const hashes = digests.map(({ algorithm, hex }) => [algorithm, hex] as const);
  return { id: name, name, version, filename: `${name}.${version}.nupkg`, ...Object.fromEntries(hashes) };
}
