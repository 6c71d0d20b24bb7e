import { TRAITS } from "../../ecosystems/index.ts";
import type { Ecosystem } from "../../model/package.ts";
import type { Layer } from "../../policy/layer.ts";
import { parsePackagePattern } from "../../policy/package-pattern.ts";
import type { Rule } from "../../policy/schema/index.ts";
import { type LintFinding, finding } from "./finding.ts";

/** Rules that can admit nothing, or more than a rule should. */
export function ruleFindings(layer: Layer): readonly LintFinding[] {
  const { rules = [] } = layer.policy;
  return rules.flatMap((rule, at) => [
    ...never(rule, at),
    ...unrecorded(layer, rule, at),
    ...wide(rule, at),
    ...denying(rule, at),
    ...unserved(layer.policy, rule, at),
  ]);
}

/** A range that no version is in. Not every grammar can be asked. */
function never(rule: Rule, at: number): readonly LintFinding[] {
  const { versions } = rule;
  if (versions === undefined || TRAITS[ecosystemOf(rule)].ranges?.isEmpty(versions) !== true) return [];
  const message = `no version is in ${JSON.stringify(versions)}: the rule can never match`;
  return [finding("error", "never-matches", ["rules", at, "versions"], message)];
}

/** `unsigned: recorded` for names of which nothing is recorded. */
function unrecorded({ recorded, policy }: Layer, { packages, unsigned }: Rule, at: number): readonly LintFinding[] {
  if (unsigned !== "recorded" || recorded === null) return [];
  return packages.flatMap((text, index) => {
    const pattern = parsePackagePattern(text);
    if (typeof pattern === "string") return [];
    const prefix = `${pattern.ecosystem}:${pattern.literal}${pattern.exact ? "@" : ""}`;
    if ([...recorded.digests.keys()].some((key) => key.startsWith(prefix))) return [];
    const message = `${policy.recorded?.file ?? "the recorded file"} records no version of ${text}: the rule admits nothing`;
    return [finding("warning", "nothing-recorded", ["rules", at, "packages", index], message)];
  });
}

function wide({ packages, unsigned, signedBy, baseline }: Rule, at: number): readonly LintFinding[] {
  return packages.flatMap((text, index) => {
    const path = ["rules", at, "packages", index];
    if (!text.endsWith("*")) return [];
    if (unsigned === "allow") {
      const message = `allows every ${text} unsigned, whatever its bytes are`;
      return [finding("warning", "wide-allow", path, message, 'record the digests instead: "unsigned": "recorded"')];
    }
    if (baseline !== undefined && /^[a-z]+:\*$/.test(text)) {
      const message = `allows whatever ${baseline.join(" or ")} publishes, also under names that are new here`;
      return [finding("note", "wide-baseline", path, message, "name the packages; policy pin adds new ones")];
    }
    if (signedBy !== undefined && /^[a-z]+:\*$/.test(text)) {
      const message = `lets ${signedBy.join(", ")} sign every package of ${text.slice(0, -2)}, whatever its name`;
      return [finding("warning", "wide-signer", path, message, "name the packages, or their scope")];
    }
    return [];
  });
}

/** A rule that says nothing denies; that is an odd way to write it. */
function denying({ signedBy, baseline, unsigned }: Rule, at: number): readonly LintFinding[] {
  if (signedBy !== undefined || baseline !== undefined || unsigned !== undefined) return [];
  const message = "asks for nothing and admits nothing: the packages are denied";
  return [finding("note", "denies", ["rules", at], message, 'say so with "unsigned": "deny"')];
}

/** What the ecosystem's registry never serves, and nowhere else is named. */
function unserved({ signers = {}, sources }: Layer["policy"], rule: Rule, at: number): readonly LintFinding[] {
  const ecosystem = ecosystemOf(rule);
  if (TRAITS[ecosystem].servesNoReusable !== true || (sources?.[ecosystem] ?? []).length > 0) return [];
  return (rule.signedBy ?? []).flatMap((name, index) => {
    const { repository = "", signerWorkflow = "" } = signers[name]?.githubActions ?? {};
    if (signerWorkflow === "" || signerWorkflow.startsWith(`${repository}/`)) return [];
    const message = `the registry serves no provenance by a reusable workflow: nothing there meets "${name}", which pins ${signerWorkflow}`;
    const hint = 'pin "workflow" of the repository that publishes, or name where its attestations lie under "sources"';
    return [finding("note", "reusable-workflow", ["rules", at, "signedBy", index], message, hint)];
  });
}

function ecosystemOf({ packages: [first = ""] }: Rule): Ecosystem {
  return first.slice(0, first.indexOf(":")) as Ecosystem;
}
