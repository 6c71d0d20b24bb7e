/** What the shape alone cannot say: names that exist, things that exclude each other, identities that are too wide. */
import { archiveProblems } from "./archives.ts";
import { exceptionProblems } from "./exceptions.ts";
import { ruleProblems } from "./rules.ts";
import { signerProblems } from "./signers.ts";
import { registryProblems, type SourceKinds, sourceProblems } from "./sources.ts";
import { dayOf } from "../day.ts";
import { type PackagePattern, parsePackagePattern, patternKey } from "../package-pattern.ts";
import type { Problem } from "../read/problem.ts";
import type { Policy, TrustEntry } from "../schema/index.ts";
import { BUILT_IN } from "../../model/trust.ts";
import { isAllowedUrl } from "../../url.ts";
import { TRAITS } from "../../ecosystems/index.ts";

/** Every inconsistency of a policy whose shape is right. */
export function checkPolicy(policy: Policy, askable: SourceKinds): readonly Problem[] {
  return [
    ...trustProblems(policy),
    ...signerProblems(policy),
    ...sourceProblems(policy, askable),
    ...registryProblems(policy),
    ...ruleProblems(policy),
    ...overlapProblems(policy),
    ...recordedProblems(policy),
    ...exceptionProblems(policy),
    ...archiveProblems(policy),
    ...scriptProblems(policy),
  ];
}

function scriptProblems({ scripts = [] }: Policy): readonly Problem[] {
  if (typeof scripts === "string") return [];
  return scripts.flatMap((text, at) => {
    const pattern = parsePackagePattern(text);
    return typeof pattern === "string" ? [{ path: ["scripts", at], message: pattern }] : [];
  });
}

/** A root is a file or a repository; of the built-in ones only the age is the policy's to say. */
function trustProblems({ trust = {} }: Policy): readonly Problem[] {
  return Object.entries(trust).flatMap(([name, entry]) => {
    const problem = trustProblem(name, entry);
    return problem === null ? [] : [{ path: ["trust", name, ...problem.path], message: problem.message }];
  });
}

function trustProblem(name: string, { trustedRoot, tuf, maxAge, ...thresholds }: TrustEntry): Problem | null {
  if (Object.hasOwn(BUILT_IN, name)) {
    const isOwn = trustedRoot !== undefined || tuf !== undefined || Object.keys(thresholds).length > 0;
    if (!isOwn && maxAge !== undefined) return null;
    return {
      path: [],
      message: `"${name}" is built in: it takes maxAge alone; choose another name for a root of yours`,
    };
  }
  if ((trustedRoot === undefined) === (tuf === undefined))
    return {
      path: [],
      message: "a trust root is either trustedRoot, a file, or tuf, a repository that keeps it current",
    };
  if (tuf !== undefined && !isAllowedUrl(tuf.mirror))
    return { path: ["tuf", "mirror"], message: "expected an https address (http on loopback only)" };
  if (maxAge !== undefined && tuf === undefined)
    return { path: ["maxAge"], message: "a file does not say how old it is: maxAge goes with tuf" };
  return null;
}

function recordedProblems({ recorded }: Policy): readonly Problem[] {
  if (recorded === undefined || dayOf(recorded.expires) !== null) return [];
  return [{ path: ["recorded", "expires"], message: `the calendar has no ${recorded.expires}` }];
}

interface Claimed {
  readonly pattern: PackagePattern;
  readonly versions: string | undefined;
  readonly rule: number;
}

/** Two rules with the same pattern for the same versions: which one would speak? */
function overlapProblems({ rules = [] }: Policy): readonly Problem[] {
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
