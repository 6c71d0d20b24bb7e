import type { PackageRef } from "../../model/package.ts";
import type { Layer } from "../../policy/layer.ts";
import { indexRules, matchRule, type RuleIndex } from "../../policy/match.ts";
import { packageKey } from "../../ecosystems/names.ts";
import { covers, parsePackagePattern } from "../../policy/package-pattern.ts";
import { parsePurl } from "../../ecosystems/purl.ts";
import { type LintFinding, finding } from "./finding.ts";

/** From so many packages on a beginning of a name is worth a pattern. */
const FEW = 3;

/** What the policy's rules and entries cover of the packages that are locked here. */
export function reachFindings(layer: Layer, locked: readonly PackageRef[]): readonly LintFinding[] {
  return [
    ...patterns(layer, locked),
    ...ambiguous(layer, locked),
    ...exceptions(layer, locked),
    ...recorded(layer, locked),
  ];
}

function patterns({ policy }: Layer, locked: readonly PackageRef[]): readonly LintFinding[] {
  const rules = indexRules(policy);
  return (policy.rules ?? []).flatMap((rule, at) =>
    rule.packages.flatMap((text, index) => {
      const pattern = parsePackagePattern(text);
      if (typeof pattern === "string") return [];
      const path = ["rules", at, "packages", index];
      const name = `rules[${at}] ${text}`;
      const spoken = locked.filter((ref) => covers(pattern, ref) && speaks(rules, ref, name));
      if (spoken.length === 0) {
        const why = locked.some((ref) => covers(pattern, ref))
          ? "others speak for all that it covers"
          : "nothing here is called so";
        return [finding("note", "covers-nothing", path, `${text} speaks for no package of the lockfiles here: ${why}`)];
      }
      const names = [...new Set(spoken.map((ref) => ref.name))];
      if (pattern.exact || rule.signedBy === undefined || names.length >= FEW) return [];
      const message = `${text} is wider than what it covers here: ${names.join(", ")}`;
      return [finding("warning", "wider-than-needed", path, message, "name the packages")];
    }),
  );
}

function speaks(index: RuleIndex, ref: PackageRef, name: string): boolean {
  const match = matchRule(index.policy, ref, index);
  return match.kind !== "none" && match.name.split(", ").includes(name);
}

function ambiguous({ policy }: Layer, locked: readonly PackageRef[]): readonly LintFinding[] {
  const index = indexRules(policy);
  return locked.flatMap((ref) => {
    const match = matchRule(policy, ref, index);
    if (match.kind !== "ambiguous") return [];
    const at = Number(/rules\[(\d+)\]/.exec(match.name)?.[1] ?? 0);
    return [finding("error", "ambiguous", ["rules", at], `${match.name} speak alike for ${ref.purl}: it is denied`)];
  });
}

function exceptions({ policy }: Layer, locked: readonly PackageRef[]): readonly LintFinding[] {
  const keys = keysOf(locked);
  return (policy.exceptions ?? []).flatMap((exception, at) => {
    const purl = parsePurl(exception.package);
    if (purl === null || keys.has(packageKey(purl.ecosystem, purl.name, purl.version ?? ""))) return [];
    const message = `no lockfile here has ${exception.package}`;
    return [finding("note", "unused-exception", ["exceptions", at], message, "take it out")];
  });
}

function recorded({ policy, recorded }: Layer, locked: readonly PackageRef[]): readonly LintFinding[] {
  const keys = keysOf(locked);
  const gone = [...(recorded?.digests.keys() ?? [])].filter((key) => !keys.has(key));
  if (gone.length === 0) return [];
  const shown = gone.slice(0, 5).join(", ") + (gone.length > 5 ? ` and ${gone.length - 5} more` : "");
  const message = `${policy.recorded?.file} records what no lockfile here has: ${shown}`;
  const hint = "safe-install policy pin --prune --write, with a --lockfile for every project that it is for";
  return [finding("note", "unused-record", ["recorded", "file"], message, hint)];
}

function keysOf(locked: readonly PackageRef[]): ReadonlySet<string> {
  return new Set(locked.map(({ ecosystem, name, version }) => packageKey(ecosystem, name, version)));
}
