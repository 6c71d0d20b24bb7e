import type { Artifact } from "../model/artifact.ts";
import type { Source } from "../model/source.ts";
import { hasExpired } from "./day.ts";
import type { Layer } from "./layer.ts";
import { matchRule } from "./match.ts";

/** What judging one artifact needs. */
export interface Wanted {
  /** Some layer's rule asks for signatures. */
  readonly evidence: boolean;
  /** Of all layers in order, without "own" (which is asked first) and without repetitions. */
  readonly sources: readonly Source[];
}

/** Whether evidence has to be collected for an artifact, and where else than in its own place. */
export function wanted(layers: readonly Layer[], artifact: Artifact, now: Date): Wanted {
  const evidence = layers.some((layer) => asksForSignatures(layer, artifact, now));
  return { evidence, sources: evidence ? sourcesOf(layers, artifact) : [] };
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
