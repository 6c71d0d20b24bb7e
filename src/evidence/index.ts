import { SourceUnavailable } from "../errors.ts";
import type { Digest } from "../model/digest.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Host, Source } from "../plugin.ts";
import { askDirectory } from "./directory.ts";
import { askGithub } from "./github.ts";
import { askUrl, type Fields } from "./url.ts";

/** One artifact, as the sources ask about it. */
export interface SoughtEvidence {
  /** Passes by what an earlier run kept. */
  readonly fresh: boolean;
  readonly host: Host;
  /** Known without the bytes. */
  readonly known: readonly Digest[];
  /** Of every form of the bytes; they are fetched where they must be. @throws ArtifactError */
  readonly digests: () => Promise<readonly Digest[]>;
  /** What a URL template may name, but for digests. */
  readonly fields: Fields;
  /** Whose digests a URL template names; absent: those of `digests`. @throws ArtifactError */
  readonly named?: () => Promise<readonly Digest[]>;
}

/** Kinds that are asked in one way whatever the ecosystem. */
export const SHARED = ["url", "directory", "github"] as const satisfies readonly Source["kind"][];

type OwnSource = Exclude<Source, { readonly kind: (typeof SHARED)[number] }>;

/** How one ecosystem asks its own places. A kind that is missing is none of its sources. */
export type OwnSources = {
  readonly [K in OwnSource["kind"]]?: (
    source: Extract<OwnSource, { readonly kind: K }>,
  ) => Promise<readonly Evidence[]>;
};

/** Asks one source about one artifact. An empty answer means "no evidence". @throws SourceUnavailable, ArtifactError */
export async function askSource(source: Source, sought: SoughtEvidence, own: OwnSources): Promise<readonly Evidence[]> {
  const { fresh, host } = sought;
  switch (source.kind) {
    case "url":
      return askUrl(source.template, await fieldsFor(source.template, sought), fresh, host);
    case "directory":
      return askFolder(source.path, sought);
    case "github":
      return askGithub(source.repositories ?? [], await sought.digests(), fresh, host);
    case "own":
    case "registrySignature":
    case "attestations":
    case "integrity":
    case "beside":
    case "companion":
      return askOwn(source, own);
    default:
      throw source satisfies never;
  }
}

/** Digests that are not known yet are worked out only for a template that asks for them. */
async function fieldsFor(template: string, { known, fields, ...sought }: SoughtEvidence): Promise<Fields> {
  const wanted = [...template.matchAll(/\{(sha256|sha512)\}/g)].map(([, algorithm]) => algorithm);
  const isKnown = wanted.every((algorithm) => known.some((one) => one.algorithm === algorithm));
  const digests = isKnown ? known : await (sought.named ?? sought.digests)();
  return { ...fields, ...Object.fromEntries(digests.map(({ algorithm, hex }) => [algorithm, hex])) };
}

/** By what is known first: a bundle that is found so costs no download. */
async function askFolder(folder: string, { known, digests, host }: SoughtEvidence): Promise<readonly Evidence[]> {
  const found = await askDirectory(folder, known, host);
  return found.length > 0 ? found : askDirectory(folder, await digests(), host);
}

/** A policy that names a kind which is none of the ecosystem's is refused at load: this is for what slips by. */
async function askOwn(source: OwnSource, own: OwnSources): Promise<readonly Evidence[]> {
  const ask = own[source.kind] as ((source: OwnSource) => Promise<readonly Evidence[]>) | undefined;
  if (ask === undefined) throw new SourceUnavailable(source.kind, `"${source.kind}" is not a source of this ecosystem`);
  return ask(source);
}
