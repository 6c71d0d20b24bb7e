import { speakOfArchive } from "./archives.ts";
import { CODES, type Denial } from "../model/codes.ts";
import type { Decision, LayerDecision } from "../model/decision.ts";
import type { Verdict } from "../model/verdict.ts";
import { hasExpired } from "./day.ts";
import { ambiguous, deniedByRule, noEvidence, noRule, ruleExpired, untrusted, versionNotCovered } from "./denials.ts";
import { excuse } from "./exceptions.ts";
import type { Facts } from "../model/facts.ts";
import { type Layer, modeOf } from "./layer.ts";
import { type Match, matchRule } from "./match.ts";
import { judgeRecorded } from "./recorded.ts";
import { revocationsOf } from "./revoked.ts";
import type { Policy, Rule } from "./schema/index.ts";
import type { Ruling } from "./ruling.ts";
import { judgeSigned, namesOf, pairsOf, withoutRoot } from "./signers/signed.ts";
import type { Artifact } from "../model/artifact.ts";
import type { PackageRef } from "../model/package.ts";
import { covers, parsePackagePattern } from "./package-pattern.ts";
import { isRegistrySignature } from "./predicate.ts";

export type { Facts } from "../model/facts.ts";

/**
 * The trust decision. The outermost layer denies what it has no rule for, an inner one speaks for what its rules match,
 * and all that speak must allow. What does not hold and what is revoked is denied before anybody speaks, and stays so.
 */
export function decide(layers: readonly Layer[], facts: Facts, now: Date): Decision {
  const spoken = layers.flatMap((layer, at) => speak(layer, at === 0, facts, now));
  const decisions = withUnconditional(spoken, unconditional(layers, facts));
  const outcomes = decisions.map(({ outcome }) => outcome);
  return {
    artifact: facts.artifact,
    outcome: worst(outcomes),
    layers: decisions,
    denials: decisions.flatMap((decision) => (decision.outcome === "allowed" ? [] : decision.denials)),
    verdicts: facts.verdicts,
    unavailable: facts.unavailable,
    ...scriptsOf(layers, decisions, isNamed(facts.artifact) ? facts.artifact.package : null),
  };
}

/** What one layer says; nothing where an inner layer has no rule for the package. */
function speak(layer: Layer, outermost: boolean, facts: Facts, now: Date): readonly LayerDecision[] {
  const { archive } = facts.artifact;
  if (archive !== undefined) return speakOfArchive(layer, outermost, archive, facts, now);
  const match = matchRule(layer.policy, facts.artifact.package, layer.index);
  if (match.kind === "none" && !outermost) return [];
  const ruling = rule(layer, match, facts, now);
  const about = { layer: layer.name, rule: match.kind === "none" ? null : match.name };
  if ("ground" in ruling) return [{ ...about, outcome: "allowed", ground: ruling.ground }];
  const { remaining, ground } = excuse(layer, ruling.denials, facts, now);
  const [first, ...others] = remaining;
  if (first === undefined && ground !== null) return [{ ...about, outcome: "allowed", ground }];
  const denials = first === undefined ? ruling.denials : ([first, ...others] as const);
  const audited = modeOf(layer, match.kind === "rule" ? match.rule : null) === "audit" && denials.every(isSoft);
  return [{ ...about, outcome: audited ? "audited" : "denied", denials }];
}

/** What the matched rule says, before exceptions and mode. */
function rule(layer: Layer, match: Match, facts: Facts, now: Date): Ruling {
  switch (match.kind) {
    case "none":
      return { denials: [noRule(layer, facts)] };
    case "version":
      return { denials: [versionNotCovered(layer, match.name, facts)] };
    case "ambiguous":
      return { denials: [ambiguous(layer, match.name)] };
    case "rule":
      return hasExpired(match.rule.expires, now)
        ? { denials: [ruleExpired(match.rule, match.name)] }
        : judgeRule(layer, match.rule, match.name, facts, now);
    default:
      return match satisfies never;
  }
}

function judgeRule(layer: Layer, rule: Rule, name: string, facts: Facts, now: Date): Ruling {
  if (rule.signedBy !== undefined) return judgeSigned(layer, rule, facts, now);
  if (rule.baseline !== undefined) return judgeBaseline(layer, rule.baseline, facts);
  if (rule.unsigned === "recorded") {
    const [first, ...others] = judgeRecorded(layer, facts.artifact.package, facts.digests, now);
    return first === undefined ? { ground: { kind: "recorded" } } : { denials: [first, ...others] };
  }
  if (rule.unsigned === "allow" && rule.reason !== undefined && rule.expires !== undefined) {
    return { ground: { kind: "unsigned", reason: rule.reason, expires: rule.expires } };
  }
  return { denials: [deniedByRule(name, facts)] };
}

/** What no rule, exception or mode changes: bytes or evidence that do not hold, and revocations. */
function unconditional(layers: readonly Layer[], facts: Facts): readonly Denial[] {
  return [...facts.faults, ...facts.verdicts.flatMap(brokenEvidence), ...revocationsOf(layers, facts)];
}

function brokenEvidence(verdict: Verdict): readonly Denial[] {
  if (verdict.status !== "broken") return [];
  return [
    {
      code: verdict.code,
      message: verdict.detail,
      details: [],
      location: verdict.evidence.location,
      hint: "the evidence contradicts itself or the package: nothing can excuse it; ask who publishes it",
    },
  ];
}

/** The outermost layer, which always speaks, carries them; a decision stays the conjunction of its layers. */
function withUnconditional(spoken: readonly LayerDecision[], found: readonly Denial[]): readonly LayerDecision[] {
  const [outermost, ...inner] = spoken;
  const [first, ...others] = found;
  if (outermost === undefined) throw new Error("decide() needs at least one layer");
  if (first === undefined) return spoken;
  // Beside what does not hold, what is merely missing would only suggest a way round it.
  const own = outermost.outcome === "allowed" ? [] : outermost.denials.filter((denial) => !isSoft(denial));
  const { layer, rule } = outermost;
  return [{ layer, rule, outcome: "denied", denials: [first, ...others, ...own] }, ...inner];
}

function isNamed({ archive }: Artifact): boolean {
  return archive === undefined;
}

function isSoft({ code }: Denial): boolean {
  return CODES[code].audit;
}

function worst(outcomes: readonly Decision["outcome"][]): Decision["outcome"] {
  if (outcomes.includes("denied")) return "denied";
  return outcomes.includes("audited") ? "audited" : "allowed";
}

/**
 * Whether the scripts of a package that is let in run while it is installed: every layer that speaks for it and has
 * `scripts` must let them. Absent where none has: then the installer decides as it always did.
 * @param ref null: the name that it bears is nobody's word, and no pattern is about it
 */
export function scriptsOf(
  layers: readonly Layer[],
  decisions: readonly LayerDecision[],
  ref: PackageRef | null,
): Pick<Decision, "scripts"> {
  const answers = decisions.flatMap((decision) => {
    const { scripts } = layers.find(({ name }) => name === decision.layer)?.policy ?? {};
    return scripts === undefined ? [] : [lets(scripts, decision, ref)];
  });
  if (answers.length === 0) return {};
  return { scripts: answers.every(Boolean) ? "run" : "skip" };
}

function lets(scripts: NonNullable<Policy["scripts"]>, decision: LayerDecision, ref: PackageRef | null): boolean {
  switch (scripts) {
    case "all":
      return true;
    case "none":
      return false;
    case "signed":
      return decision.outcome === "allowed" && decision.ground.kind === "signed";
    default:
      return scripts.some((text) => {
        const pattern = parsePackagePattern(text);
        return typeof pattern !== "string" && ref !== null && covers(pattern, ref);
      });
  }
}

/** Whether one of the rule's registries says that it published these bytes. Nothing but its own signature counts here. */
function judgeBaseline(layer: Layer, baseline: readonly string[], facts: Facts): Ruling {
  const rooted = baseline.filter((name) => withoutRoot(layer, [name], facts) === null);
  const pairs = pairsOf(layer, rooted, facts).filter(({ attestation }) => isRegistrySignature(attestation));
  const proven = pairs.filter(({ mismatches }) => mismatches.length === 0);
  if (proven.length > 0) return { ground: { kind: "baseline", signers: namesOf(proven) } };
  const away = withoutRoot(layer, baseline, facts);
  if (away !== null) return { denials: away };
  const [closest] = pairs;
  if (closest === undefined) return { denials: [noEvidence(facts, "a registry signature")] };
  return { denials: [untrusted(facts, closest, baseline)] };
}
