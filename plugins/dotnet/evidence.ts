import {
  type Artifact,
  type Bytes,
  type Digest,
  type Evidence,
  type Host,
  LIMITS,
  type Source,
  SourceUnavailable,
} from "../../src/plugin.ts";
import { askBeside, readBeside } from "../../src/evidence/beside.ts";
import { askSource } from "../../src/evidence/index.ts";
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
  const { name, version } = artifact.package;
  const sought = {
    fresh,
    host,
    known: artifact.digests,
    digests: () => allDigests(asked),
    fields: { id: name, name, version, filename: `${name}.${version}.nupkg` },
    named: async () => (await asked.obtain()).digests,
  };
  return askSource(source, sought, {
    own: async ({ signature }) => (signature === true ? ownSignature("author", await asked.obtain(), artifact) : []),
    registrySignature: async () => ownSignature("repository", await asked.obtain(), artifact),
    beside: () => firstOf(feeds, (feed) => askBesideIn(feed, artifact, host)),
    companion: ({ template }) => firstOf(feeds, (feed) => askCompanion(template, feed, artifact, host)),
  });
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

async function askBesideIn(feed: Feed, { package: ref }: Artifact, host: Host): Promise<readonly Evidence[]> {
  if (isRemote(feed)) {
    const file = await packageUrl(feed, ref, host);
    return askBeside(file, (url) => get(feed, url, LIMITS.evidenceBytes, host), host);
  }
  const nested = join(feed.address, lower(ref.name), lower(ref.version));
  const answers = await Promise.all([feed.address, nested].map((folder) => besideIn(folder, fileName(ref), host)));
  return answers.flat();
}

async function besideIn(folder: string, file: string, host: Host): Promise<readonly Evidence[]> {
  const names = await readdir(folder).catch(() => []);
  const wanted = new Set(ENDINGS.map((ending) => file + ending));
  const paths = names.filter((name) => wanted.has(lower(name))).map((name) => join(folder, name));
  return (await Promise.all(paths.map((path) => readBeside(path, host)))).flat();
}

/** Of every form: an attestation may be about any of them. */
async function allDigests(asked: Asked): Promise<readonly Digest[]> {
  const { digests, rawDigests } = await asked.obtain();
  return [...new Map([...digests, ...rawDigests].map((one) => [one.hex, one])).values()];
}
