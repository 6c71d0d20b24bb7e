import type { Decision, LayerDecision } from "../model/decision.ts";
import type { PackageRef } from "../model/package.ts";
import { decide } from "../policy/decide.ts";
import type { Facts } from "../model/facts.ts";
import type { Layer } from "../policy/layer.ts";
import type { Policy } from "../policy/schema/index.ts";

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
    case "unsigned":
      return `unsigned until ${ground.expires}`;
    case "excepted":
      return `excepted (${ground.excuses.join(", ")}) until ${ground.expires}`;
    default:
      return ground satisfies never;
  }
}

/** What changed in the text and shows in no package of this lock, or matters beyond it. */
export function remarks(before: readonly Layer[], after: readonly Layer[]): readonly string[] {
  const names = [...new Set([...before, ...after].map(({ name }) => name))];
  return names.flatMap((name) => {
    const old = before.find((layer) => layer.name === name);
    const fresh = after.find((layer) => layer.name === name);
    if (old === undefined) return [`${name}: a new layer: it is asked as well`];
    if (fresh === undefined) return [`${name}: this layer is gone: nobody asks it any more`];
    return [...textChanges(old.policy, fresh.policy), ...rootChanges(old, fresh)].map((text) => `${name}: ${text}`);
  });
}

function textChanges(before: Policy, after: Policy): readonly string[] {
  const mode = (policy: Policy) => policy.mode ?? "enforce";
  return [
    ...(mode(before) === mode(after) ? [] : [`mode ${mode(before)} becomes ${mode(after)}`]),
    ...named("signer", before.signers, after.signers),
    ...listed("rule", before.rules, after.rules),
    ...listed("exception", before.exceptions, after.exceptions),
    ...listed("revocation", before.revoked, after.revoked),
    ...(same(before.recorded, after.recorded) ? [] : ["the recorded file, its reason or its expiry is another"]),
    ...(same(before.sources, after.sources) ? [] : ["evidence is looked for in other places"]),
    ...(same(before.registries, after.registries) ? [] : ["a lock may name other origins"]),
    ...(before.commandLine?.audit === after.commandLine?.audit
      ? []
      : [after.commandLine?.audit === true ? "--audit becomes possible" : "--audit is no longer possible"]),
  ];
}

function rootChanges({ roots: before }: Layer, { roots: after }: Layer): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    if (before[name] === after[name]) return [];
    if (before[name] === undefined) return [`trust root ${name} is new`];
    return after[name] === undefined
      ? [`trust root ${name} is gone`]
      : [`trust root ${name} has other content or thresholds`];
  });
}

function named(
  what: string,
  before: Readonly<Record<string, unknown>> = {},
  after: Readonly<Record<string, unknown>> = {},
): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    if (!Object.hasOwn(before, name)) return [`${what} ${name} is new`];
    if (!Object.hasOwn(after, name)) return [`${what} ${name} is gone`];
    return same(before[name], after[name]) ? [] : [`${what} ${name} pins something else`];
  });
}

function listed(what: string, before: readonly unknown[] = [], after: readonly unknown[] = []): readonly string[] {
  const texts = (list: readonly unknown[]) => new Set(list.map((one) => JSON.stringify(one)));
  const [old, fresh] = [texts(before), texts(after)];
  const [gone, come] = [[...old].filter((one) => !fresh.has(one)), [...fresh].filter((one) => !old.has(one))];
  return [
    ...(come.length === 0 ? [] : [`${come.length} ${what}${come.length === 1 ? "" : "s"} new or changed`]),
    ...(gone.length === 0 ? [] : [`${gone.length} ${what}${gone.length === 1 ? "" : "s"} gone or changed`]),
  ];
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
