import type { Artifact } from "../model/artifact.ts";
import type { Source } from "../model/source.ts";
import { hasExpired } from "./day.ts";
import type { Layer } from "./layer.ts";
import { matchRule } from "./match.ts";
import type { Rule } from "./schema.ts";

/** What judging one artifact needs. */
export interface Wanted {
  /** Some layer's rule asks for statements of who made it. */
  readonly evidence: boolean;
  /** Some layer's rule rests on a baseline: the registry's metadata are asked then, and only then. */
  readonly baseline: boolean;
  /** Of all layers in order, without "own" (which is asked first) and without repetitions. */
  readonly sources: readonly Source[];
}

/** Whether evidence has to be collected for an artifact, and where else than in its own place. */
export function wanted(layers: readonly Layer[], artifact: Artifact, now: Date): Wanted {
  const rules = layers.flatMap((layer) => ruleFor(layer, artifact, now));
  const evidence = rules.some(({ signedBy }) => signedBy !== undefined);
  const baseline = rules.some((rule) => rule.baseline !== undefined);
  return { evidence, baseline, sources: evidence ? sourcesOf(layers, artifact) : [] };
}

function ruleFor({ policy }: Layer, { package: ref }: Artifact, now: Date): readonly Rule[] {
  const match = matchRule(policy, ref);
  return match.kind !== "rule" || hasExpired(match.rule.expires, now) ? [] : [match.rule];
}

function sourcesOf(layers: readonly Layer[], { package: { ecosystem } }: Artifact): readonly Source[] {
  const all = layers.flatMap(({ sources }) => sources[ecosystem] ?? []);
  return [...new Map(all.map((source) => [JSON.stringify(source), source])).values()];
}
