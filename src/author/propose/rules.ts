import type { PackageRef } from "../../model/package.ts";
import { matchRule } from "../../policy/match.ts";
import { parsePackagePattern, patternKey } from "../../policy/package-pattern.ts";
import type { Policy, Rule } from "../../policy/schema/index.ts";
import type { Segment } from "./segments.ts";
import { compareText } from "./sighting.ts";
import { isRegistry } from "./signers.ts";

/** All versions of a package that is being pinned, with what each rests on. */
export interface Need {
  readonly package: Pick<PackageRef, "ecosystem" | "name">;
  readonly segments: readonly Segment[];
}

/** The policy's rules with those of the wanted packages settled; all others stay as and where they are. */
export function settleRules(policy: Policy, needs: readonly Need[]): readonly Rule[] {
  let rules: readonly Rule[] = policy.rules ?? [];
  const ordered = needs.toSorted((left, right) => compareText(patternOf(left), patternOf(right)));
  for (const one of ordered) rules = settle(rules, policy, one);
  return rules;
}

function settle(rules: readonly Rule[], policy: Policy, need: Need): readonly Rule[] {
  const pattern = patternOf(need);
  const before = rules.filter((rule) => names(rule, pattern));
  if (isSettled(before, policy, need.segments)) return rules;
  const further = furtherOf(before, matchOf(rules, policy, need));
  const others = rules.flatMap((rule) => without(rule, pattern));
  const [only, second] = need.segments;
  if (only === undefined) return rules;
  if (second === undefined && only.versions === null) {
    if (only.signer !== null) return join(others, ruleOf(pattern, only, policy, further));
    if (admitsRecorded(others, policy, need)) return others;
    const own = recordedPattern(others, policy, need);
    return [...others, ruleOf(own, only, policy, own === pattern ? further : {})];
  }
  let result: readonly Rule[] = others;
  for (const segment of need.segments) result = insert(result, ruleOf(pattern, segment, policy, further));
  return result;
}

/** Each segment already has the rule that it needs. */
function isSettled(before: readonly Rule[], policy: Policy, segments: readonly Segment[]): boolean {
  return (
    before.length > 0 &&
    before.length === segments.length &&
    segments.every(({ versions, signer }) =>
      before.some((rule) => (rule.versions ?? null) === versions && restsOn(rule, policy, signer)),
    )
  );
}

function restsOn(rule: Rule, policy: Policy, signer: string | null): boolean {
  if (signer === null) return rule.unsigned === "recorded";
  return (isRegistry(policy, signer) ? rule.baseline : rule.signedBy)?.includes(signer) === true;
}

/** What else the package's rule asked for: it is not lost when the signer changes. */
type Further = Omit<Rule, "packages" | "versions" | "signedBy" | "count" | "baseline" | "unsigned">;

function furtherOf(before: readonly Rule[], match: ReturnType<typeof matchOf>): Further {
  const signed = before.find(({ signedBy }) => signedBy !== undefined);
  if (signed === undefined) return modeOf(before[0] ?? (match.kind === "rule" ? match.rule : undefined));
  const {
    packages: _,
    versions: __,
    signedBy: ___,
    count: ____,
    baseline: _____,
    unsigned: ______,
    ...further
  } = signed;
  return further;
}

/** A rule that enforces in a policy that audits still does so for the package that leaves it. */
function modeOf(rule: Rule | undefined): Further {
  return rule?.mode === "enforce" ? { mode: rule.mode } : {};
}

/** Into the rule that asks for exactly the same, else into one of its own. */
function join(rules: readonly Rule[], own: Rule): readonly Rule[] {
  const asks = (rule: Rule) =>
    JSON.stringify(Object.entries({ ...rule, packages: 0 }).toSorted(([a], [b]) => compareText(a, b)));
  const at = rules.findIndex((rule) => asks(rule) === asks(own));
  const found = rules[at];
  if (found === undefined) return insert(rules, own);
  const [pattern = ""] = own.packages;
  return rules.with(at, { ...found, packages: [...addSorted(found.packages, pattern)] });
}

/** Kept in order where it is in order. */
function addSorted(packages: readonly string[], pattern: string): readonly string[] {
  const isSorted = packages.every((one, at) => at === 0 || compareText(packages[at - 1] ?? "", one) < 0);
  const at = isSorted ? packages.findIndex((one) => compareText(one, pattern) > 0) : -1;
  return at < 0 ? [...packages, pattern] : packages.toSpliced(at, 0, pattern);
}

/** Before the rules for everything else, which read best at the end. */
function insert(rules: readonly Rule[], rule: Rule): readonly Rule[] {
  const at = rules.findIndex(({ packages }) => packages.every((one) => /^[a-z]+:\*$/.test(one)));
  return at < 0 ? [...rules, rule] : rules.toSpliced(at, 0, rule);
}

/** Beside a baseline nothing further can be asked of the evidence: the registry's signature has no time and no statement. */
function ruleOf(pattern: string, { versions, signer }: Segment, policy: Policy, further: Further): Rule {
  const range = versions === null ? {} : { versions };
  const { mode, reason, expires } = further;
  const always: Further = {
    ...(mode === "enforce" ? { mode } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(expires === undefined ? {} : { expires }),
  };
  if (signer === null) return { packages: [pattern], ...range, unsigned: "recorded", ...always };
  if (isRegistry(policy, signer)) return { packages: [pattern], ...range, baseline: [signer], ...always };
  return { packages: [pattern], ...range, signedBy: [signer], ...further };
}

function admitsRecorded(rules: readonly Rule[], policy: Policy, need: Need): boolean {
  const match = matchOf(rules, policy, need);
  return match.kind === "rule" && match.rule.unsigned === "recorded";
}

/** `npm:*` where nothing speaks for the package, so that one rule does for all of them; its own name otherwise. */
function recordedPattern(rules: readonly Rule[], policy: Policy, need: Need): string {
  const { ecosystem } = need.package;
  return matchOf(rules, policy, need).kind === "none" ? `${ecosystem}:*` : patternOf(need);
}

function matchOf(rules: readonly Rule[], policy: Policy, { package: ref }: Need) {
  return matchRule({ ...policy, rules: [...rules] }, { ...ref, version: "0.0.0", purl: "" });
}

function patternOf({ package: { ecosystem, name } }: Need): string {
  return `${ecosystem}:${name}`;
}

function names({ packages }: Rule, pattern: string): boolean {
  return packages.some((one) => isSame(one, pattern));
}

function without(rule: Rule, pattern: string): readonly Rule[] {
  if (!names(rule, pattern)) return [rule];
  const packages = rule.packages.filter((one) => !isSame(one, pattern));
  return packages.length === 0 ? [] : [{ ...rule, packages }];
}

/** In normal form: PyPI and NuGet spell one name in several ways. */
function isSame(left: string, right: string): boolean {
  const [one, other] = [parsePackagePattern(left), parsePackagePattern(right)];
  return typeof one !== "string" && typeof other !== "string" && patternKey(one) === patternKey(other);
}
