import type { Artifact } from "../model/artifact.ts";
import type { Source } from "../model/source.ts";
import { hasExpired } from "./day.ts";
import type { Layer } from "./layer.ts";
import { matchRule } from "./match.ts";
import type { Signer } from "./schema.ts";
import { signerOf } from "./signer.ts";

/** What judging one artifact needs. */
export interface Wanted {
  /** Some layer's rule asks for signatures. */
  readonly evidence: boolean;
  /** Of all layers in order, without "own" (which is asked first) and without repetitions. */
  readonly sources: readonly Source[];
  /** A signer that a rule names is the ecosystem's own signature. */
  readonly signature?: true;
}

/** Whether evidence has to be collected for an artifact, and where else than in its own place. */
export function wanted(layers: readonly Layer[], artifact: Artifact, now: Date): Wanted {
  const evidence = layers.some((layer) => asksForSignatures(layer, artifact, now));
  if (!evidence) return { evidence, sources: [] };
  const signers = layers.flatMap((layer) => signersFor(layer, artifact));
  const repositories = [...new Set(signers.flatMap(repositoryOf))];
  const signature = signers.some(({ nugetSignature }) => nugetSignature !== undefined);
  const named = sourcesOf(layers, artifact).map((one) => (one.kind === "github" ? { ...one, repositories } : one));
  return { evidence, sources: named, ...(signature ? { signature } : {}) };
}

/** Every signer that the matched rule names. */
function signersFor(layer: Layer, { package: ref }: Artifact): readonly Signer[] {
  const match = matchRule(layer.policy, ref);
  if (match.kind !== "rule") return [];
  const { signedBy = [], baseline = [] } = match.rule;
  return [...signedBy, ...baseline].flatMap((name) => signerOf(layer, name) ?? []);
}

/** `owner/name` on GitHub: where its attestations are kept. */
function repositoryOf({ githubActions, certificate }: Signer): readonly string[] {
  const [, named] = /^https:\/\/github\.com\/([^/]+\/[^/]+)$/.exec(certificate?.sourceRepositoryURI ?? "") ?? [];
  return [githubActions?.repository, named].filter((one) => one !== undefined);
}

function asksForSignatures({ policy }: Layer, { package: ref }: Artifact, now: Date): boolean {
  const match = matchRule(policy, ref);
  if (match.kind !== "rule" || hasExpired(match.rule.expires, now)) return false;
  return match.rule.signedBy !== undefined || match.rule.baseline !== undefined;
}

function sourcesOf(layers: readonly Layer[], { package: { ecosystem } }: Artifact): readonly Source[] {
  const all = layers.flatMap(({ sources }) => sources[ecosystem] ?? []);
  return [...new Map(all.map((source) => [JSON.stringify(source), source])).values()];
}
