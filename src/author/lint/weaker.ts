import { parsePackagePattern } from "../../policy/package-pattern.ts";
import type { Policy, Rule } from "../../policy/schema/index.ts";
import { type LintFinding, finding } from "./finding.ts";

/** Rules that ask for less than one around them or beside them. */
export function weakerFindings(policy: Policy): readonly LintFinding[] {
  return [...weakerInside(policy), ...baselineBeside(policy)];
}

/** By its name, or by versions, the narrower rule speaks, and the wider one that asks for more is not heard. */
function weakerInside({ rules = [] }: Policy): readonly LintFinding[] {
  return rules.flatMap((rule, at) =>
    rule.packages.flatMap((text, index) => {
      const wider = rules.find((other, place) => place !== at && isWeaker(rule, other) && isAround(other, rule, text));
      if (wider === undefined) return [];
      const message = `asks for less than the rule for ${wider.packages.join(", ")}, in which it lies`;
      return [finding("warning", "weaker-inside", ["rules", at, "packages", index], message)];
    }),
  );
}

/** Every name of it is one of the other's; of the same names, no version keeps the two apart from some on. */
function isAround({ packages, versions }: Rule, inner: Rule, text: string): boolean {
  const pattern = parsePackagePattern(text);
  if (typeof pattern === "string") return false;
  return packages.some((one) => {
    const wide = parsePackagePattern(one);
    if (typeof wide === "string" || (wide.exact && !pattern.exact)) return false;
    if (wide.ecosystem !== pattern.ecosystem || !reaches(wide, pattern)) return false;
    // Older versions that nobody signed yet stand beside newer ones that somebody signs.
    return one !== text || (versions !== inner.versions && isOpen(inner.versions ?? ""));
  });
}

type Pattern = Exclude<ReturnType<typeof parsePackagePattern>, string>;

/** Every name of the second is one of the first's. */
function reaches(wide: Pattern, { literal }: Pattern): boolean {
  return wide.exact ? wide.literal === literal : literal.startsWith(wide.literal);
}

/** A registry's word for a whole scope, in which some have a maker: a name that is new there needs none. */
function baselineBeside({ rules = [] }: Policy): readonly LintFinding[] {
  return rules.flatMap(({ baseline, packages }, at) =>
    packages.flatMap((text, index) => {
      const pattern = parsePackagePattern(text);
      if (baseline === undefined || typeof pattern === "string" || pattern.exact || pattern.literal === "") return [];
      const signed = rules.flatMap((rule) => (rule.signedBy === undefined ? [] : rule.packages));
      const inside = signed.find((one) => {
        const inner = parsePackagePattern(one);
        return typeof inner !== "string" && inner.ecosystem === pattern.ecosystem && reaches(pattern, inner);
      });
      if (inside === undefined) return [];
      const message = `${inside} has a signer, and whatever else is called ${text} needs none`;
      return [finding("warning", "baseline-beside", ["rules", at, "packages", index], message, "name the packages")];
    }),
  );
}

/** Whether a version that is far ahead is in it, in the words that ranges of every kind share. */
function isOpen(versions: string): boolean {
  const text = versions.replaceAll(/\s/g, "");
  return text === "" || text === "*" || /(?:^|\|\|)>=?[^<|,]+$/.test(text) || /,[)\]]$/.test(text);
}

function isWeaker(rule: Rule, than: Rule): boolean {
  if (than.signedBy === undefined) return than.baseline !== undefined && rule.unsigned === "allow";
  if (rule.signedBy === undefined) return rule.baseline !== undefined || rule.unsigned === "allow";
  const lacks = (["provenance", "slsa", "vsa", "attestations", "minimumAge"] as const).some(
    (key) => than[key] !== undefined && rule[key] === undefined,
  );
  const forgets =
    Object.keys(than.provenance ?? {}).some((key) => !Object.hasOwn(rule.provenance ?? {}, key)) ||
    (than.slsa?.builders !== undefined && rule.slsa?.builders === undefined);
  const isLower = (rule.slsa?.buildLevel ?? 0) < (than.slsa?.buildLevel ?? 0);
  return lacks || forgets || isLower || (rule.count ?? 1) < (than.count ?? 1);
}
