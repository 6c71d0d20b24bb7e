import type { Artifact } from "../model/artifact.ts";
import type { Source, Wanted } from "../model/wanted.ts";
import { hasExpired } from "./day.ts";
import type { Layer } from "./layer.ts";
import { matchRule } from "./match.ts";
import type { Rule, Signer } from "./schema/index.ts";
import { signerOf } from "./signers/signer.ts";

/** Whether evidence has to be collected for an artifact, and where else than in its own place. */
export function wanted(layers: readonly Layer[], artifact: Artifact, now: Date): Wanted {
  if (artifact.archive !== undefined) return { evidence: false, baseline: false, signature: false, sources: [] };
  const rules = layers.flatMap((layer) => ruleFor(layer, artifact, now));
  const evidence = rules.some(({ signedBy }) => signedBy !== undefined);
  const baseline = rules.some((rule) => rule.baseline !== undefined);
  if (!evidence) return { evidence, baseline, signature: false, sources: [] };
  const signers = layers.flatMap((layer) => ruleFor(layer, artifact, now).flatMap((rule) => signersOf(layer, rule)));
  const repositories = [...new Set(signers.flatMap(repositoryOf))];
  const signature = signers.some(({ nugetSignature }) => nugetSignature !== undefined);
  const notary = signers.some((one) => one.notary !== undefined);
  const sources = sourcesOf(layers, artifact).map((one) => {
    if (one.kind === "github") return { ...one, repositories };
    return one.kind === "beside" && notary ? { ...one, notary } : one;
  });
  return { evidence, baseline, signature, sources };
}

function signersOf(layer: Layer, { signedBy = [] }: Rule): readonly Signer[] {
  return signedBy.flatMap((name) => signerOf(layer, name) ?? []);
}

/** `owner/name` on GitHub: where its attestations are kept. */
function repositoryOf({ githubActions, certificate }: Signer): readonly string[] {
  const [, named] = /^https:\/\/github\.com\/([^/]+\/[^/]+)$/.exec(certificate?.sourceRepositoryURI ?? "") ?? [];
  return [githubActions?.repository, named].filter((one) => one !== undefined);
}

function ruleFor({ policy, index }: Layer, { package: ref }: Artifact, now: Date): readonly Rule[] {
  const match = matchRule(policy, ref, index);
  return match.kind !== "rule" || hasExpired(match.rule.expires, now) ? [] : [match.rule];
}

function sourcesOf(layers: readonly Layer[], { package: { ecosystem } }: Artifact): readonly Source[] {
  const all = layers.flatMap(({ sources }) => sources[ecosystem] ?? []);
  return [...new Map(all.map((source) => [JSON.stringify(source), source])).values()];
}
