import type { Decision, LayerDecision } from "../model/decision.ts";
import type { PackageRef } from "../model/package.ts";
import { decide } from "../policy/decide.ts";
import type { Facts } from "../model/facts.ts";
import type { Layer } from "../policy/layer.ts";

/** What a change of policy does to one package of the lock. */
export interface Difference {
  readonly kind: "allows" | "forbids" | "softens" | "rests";
  readonly package: PackageRef;
  /** In words: `denied (UNTRUSTED_SIGNER)`, `signed by widget`. */
  readonly before: string;
  readonly after: string;
}

/** Every package that the change treats otherwise; in the order of the facts. */
export function differences(
  before: readonly Layer[],
  after: readonly Layer[],
  all: readonly Facts[],
  now: Date,
): readonly Difference[] {
  return all.flatMap((facts) => {
    const [old, fresh] = [decideUnder(before, facts, now), decideUnder(after, facts, now)];
    const words = { before: wordsOf(old), after: wordsOf(fresh) };
    return words.before === words.after
      ? []
      : [{ kind: kindOf(old, fresh), package: facts.artifact.package, ...words }];
  });
}

/** null: there is no policy. */
function decideUnder(layers: readonly Layer[], facts: Facts, now: Date): Decision | null {
  return layers.length === 0 ? null : decide(layers, facts, now);
}

const RANK = { denied: 0, audited: 1, allowed: 2 } as const;

function kindOf(before: Decision | null, after: Decision | null): Difference["kind"] {
  const [old, fresh] = [before?.outcome ?? "denied", after?.outcome ?? "denied"];
  if (old === fresh) return "rests";
  if (fresh === "audited" && old === "denied") return "softens";
  return RANK[fresh] > RANK[old] ? "allows" : "forbids";
}

function wordsOf(decision: Decision | null): string {
  if (decision === null) return "no policy";
  const codes = [...new Set(decision.denials.map(({ code }) => code))].join(", ");
  if (decision.outcome === "denied") return `denied (${codes})`;
  if (decision.outcome === "audited") return `let through by audit only (${codes})`;
  return [...new Set(decision.layers.map(groundOf))].join(" and ");
}

function groundOf(layer: LayerDecision): string {
  if (layer.outcome !== "allowed") return layer.outcome;
  const { ground } = layer;
  switch (ground.kind) {
    case "signed":
      return `signed by ${ground.signers.join(", ")}`;
    case "baseline":
      return `registry signature of ${ground.signers.join(", ")}`;
    case "recorded":
      return "recorded bytes";
    case "archive":
      return `listed archive until ${ground.expires}`;
    case "unsigned":
      return `unsigned until ${ground.expires}`;
    case "excepted":
      return `excepted (${ground.excuses.join(", ")}) until ${ground.expires}`;
    default:
      return ground satisfies never;
  }
}
