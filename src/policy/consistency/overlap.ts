import { TRAITS } from "../../ecosystems/index.ts";
import { type PackagePattern, parsePackagePattern, patternKey } from "../package-pattern.ts";
import type { Problem } from "../problem.ts";
import type { Policy } from "../schema.ts";

interface Claimed {
  readonly pattern: PackagePattern;
  readonly versions: string | undefined;
  readonly rule: number;
}

/** Two rules with the same pattern for the same versions: which one would speak? */
export function overlapProblems({ rules = [] }: Policy): readonly Problem[] {
  const claimed = new Map<string, Claimed[]>();
  return rules.flatMap(({ packages, versions }, rule) =>
    packages.flatMap((text, at) => {
      const pattern = parsePackagePattern(text);
      if (typeof pattern === "string") return [];
      const key = patternKey(pattern);
      const others = claimed.get(key) ?? [];
      const other = others.find((one) => overlap(one, { pattern, versions, rule }));
      claimed.set(key, [...others, { pattern, versions, rule }]);
      return other === undefined
        ? []
        : [{ path: ["rules", rule, "packages", at], message: words(text, other.rule, rule) }];
    }),
  );
}

/** Where the grammar gives no exact answer, two ranges that share a version are a denial when one is met. */
function overlap(one: Claimed, other: Claimed): boolean {
  if (one.rule === other.rule || one.versions === undefined || other.versions === undefined) return true;
  if (one.versions.trim() === other.versions.trim()) return true;
  return TRAITS[one.pattern.ecosystem].ranges?.intersect(one.versions, other.versions) ?? false;
}

function words(text: string, other: number, rule: number): string {
  if (other === rule) return `${text} is named twice`;
  return `rules[${other}] has the same pattern for the same versions: make their versions apart, or join the rules`;
}
