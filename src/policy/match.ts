import type { PackageRef } from "../model/package.ts";
import { normalName } from "../ecosystems/names.ts";
import { parsePackagePattern, patternKey } from "./package-pattern.ts";
import type { Policy, Rule } from "./schema/index.ts";
import { parseRange } from "../ecosystems/index.ts";

/** Which rule of one policy speaks for a package. */
export type Match =
  | { readonly kind: "none" }
  | { readonly kind: "rule"; readonly rule: Rule; readonly name: string }
  /** Rules with the most specific pattern carry versions, and none has this one: no wider rule is asked. */
  | { readonly kind: "version"; readonly name: string }
  | { readonly kind: "ambiguous"; readonly name: string };

interface Candidate {
  readonly rule: Rule;
  /** For messages: `rules[2] npm:@acme/*`. */
  readonly name: string;
}

/** The rules of one policy by their patterns: made once where many packages are matched. */
export interface RuleIndex {
  /** An index of another policy does not count. */
  readonly policy: Policy;
  readonly byPattern: ReadonlyMap<string, readonly Candidate[]>;
}

/** The most specific pattern that matches the name decides: the exact name, then the longest literal beginning. */
export function matchRule(policy: Policy, ref: PackageRef, known?: RuleIndex): Match {
  const { byPattern } = known?.policy === policy ? known : indexRules(policy);
  const candidates = keysOf(ref)
    .map((key) => byPattern.get(key))
    .find((found) => found !== undefined);
  if (candidates === undefined) return { kind: "none" };
  const names = candidates.map(({ name }) => name).join(", ");
  const speaking = candidates.filter(({ rule }) => includesVersion(rule, ref));
  const [first] = speaking;
  if (first === undefined) return { kind: "version", name: names };
  return speaking.length === 1 ? { kind: "rule", ...first } : { kind: "ambiguous", name: names };
}

/** Every pattern that could match the name, the most specific first. */
function keysOf({ ecosystem, name }: PackageRef): readonly string[] {
  const normal = normalName(ecosystem, name);
  const beginnings = Array.from({ length: normal.length + 1 }, (_, cut) => normal.slice(0, normal.length - cut));
  return [
    patternKey({ ecosystem, literal: normal, exact: true }),
    ...beginnings.map((literal) => patternKey({ ecosystem, literal, exact: false })),
  ];
}

function includesVersion({ versions }: Rule, { ecosystem, version }: PackageRef): boolean {
  if (versions === undefined) return true;
  const range = parseRange(ecosystem, versions);
  return typeof range !== "string" && range.includes(version);
}

export function indexRules(policy: Policy): RuleIndex {
  const byPattern = new Map<string, Candidate[]>();
  for (const [at, rule] of (policy.rules ?? []).entries()) {
    for (const text of rule.packages) {
      const pattern = parsePackagePattern(text);
      if (typeof pattern === "string") continue;
      const key = patternKey(pattern);
      byPattern.set(key, [...(byPattern.get(key) ?? []), { rule, name: `rules[${at}] ${text}` }]);
    }
  }
  return { policy, byPattern };
}
