import {
  type Artifact,
  type Bytes,
  type Digest,
  type Evidence,
  type Host,
  LIMITS,
  type Source,
  SourceUnavailable,
} from "../../../src/plugin.ts";
import { askBeside, readBeside } from "../../../src/evidence/beside.ts";
import { askSource } from "../../../src/evidence/index.ts";
import { download } from "../feed/download.ts";
import { type Feed, get, isRemote, packageUrl } from "../feed/feed.ts";
import { fileName, lower } from "../names.ts";
import type { OpenedPackage } from "../bytes/package.ts";
import { ownSignature } from "./own-signatures.ts";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { NOTARY_ENDINGS, readSidecar } from "../../../src/evidence/sidecar.ts";
import { dataOf, readZip, ZipFault } from "../zip.ts";

/** What asking about one package needs. */
interface Lookup {
  readonly artifact: Artifact;
  readonly feeds: readonly Feed[];
  readonly fresh: boolean;
  readonly host: Host;
  /** Fetches the bytes (once). */
  obtain(): Promise<OpenedPackage & Bytes>;
}

/** Asks one source about one package. An empty answer means "no evidence". @throws SourceUnavailable, ArtifactError */
export async function collectEvidence(source: Source, asked: Lookup): Promise<readonly Evidence[]> {
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
    own: async ({ signature }) => (signature === true ? inPackage("author", asked) : []),
    registrySignature: () => inPackage("repository", asked),
    beside: ({ notary }) => firstOf(feeds, (feed) => askBesideIn(feed, artifact, host, notary)),
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
const ENDINGS: readonly string[] = [".sigstore.json", ".sigstore", ".intoto.jsonl", ...NOTARY_ENDINGS];

async function askBesideIn(
  feed: Feed,
  { package: ref }: Artifact,
  host: Host,
  notary?: boolean,
): Promise<readonly Evidence[]> {
  if (isRemote(feed)) {
    const file = await packageUrl(feed, ref, host);
    return askBeside(file, (url) => get(feed, url, LIMITS.evidenceBytes, host), host, notary);
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
async function allDigests(asked: Lookup): Promise<readonly Digest[]> {
  const { digests, rawDigests } = await asked.obtain();
  return [...new Map([...digests, ...rawDigests].map((one) => [one.hex, one])).values()];
}

/** What holds a bundle in a companion package. */
const BUNDLE = /\.(?:sigstore(?:\.json)?|intoto\.jsonl|(?:jws|cose)\.sig)$/;

/**
 * Looks for bundles in a package of the same version under a name of its own (`{id}.Sigstore`), for feeds that hold
 * nothing but packages. The companion is not believed in anything: the bundles in it prove themselves.
 */
async function askCompanion(
  template: string,
  feed: Feed,
  { package: ref }: Artifact,
  host: Host,
): Promise<readonly Evidence[]> {
  const name = template.replaceAll("{id}", ref.name);
  const found = await download(feed, { name, version: ref.version }, host);
  return found === null ? [] : readBundles(found.bytes, found.location);
}

function readBundles(bytes: Buffer, location: string): readonly Evidence[] {
  try {
    const entries = readZip(bytes).entries.filter(({ name }) => BUNDLE.test(name));
    return entries.flatMap((entry) => {
      const content = dataOf(entry, bytes, LIMITS.evidenceBytes);
      return readSidecar(content, "companion", `${location}#${entry.name}`);
    });
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    return [{ source: "companion", location, malformed: `not a package: ${error.message}` }];
  }
}

async function inPackage(kind: "author" | "repository", asked: Lookup): Promise<readonly Evidence[]> {
  const { signature } = await asked.obtain();
  return ownSignature(kind, signature, `${asked.artifact.package.purl}#.signature.p7s`);
}
