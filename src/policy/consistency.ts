/** What the shape alone cannot say: names that exist, things that exclude each other, identities that are too wide. */
import { exceptionProblems } from "./consistency/exceptions.ts";
import { ruleProblems } from "./consistency/rules.ts";
import { signerProblems } from "./consistency/signers.ts";
import { registryProblems, sourceProblems } from "./consistency/sources.ts";
import { overlapProblems } from "./consistency/overlap.ts";
import { dayOf } from "./day.ts";
import { parsePackagePattern } from "./package-pattern.ts";
import type { Problem } from "./problem.ts";
import type { Policy } from "./schema.ts";
import { PUBLIC_GOOD } from "../model/trust.ts";

/** Every inconsistency of a policy whose shape is right. */
export function checkPolicy(policy: Policy): readonly Problem[] {
  return [
    ...trustProblems(policy),
    ...signerProblems(policy),
    ...sourceProblems(policy),
    ...registryProblems(policy),
    ...ruleProblems(policy),
    ...overlapProblems(policy),
    ...recordedProblems(policy),
    ...exceptionProblems(policy),
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

function trustProblems({ trust = {} }: Policy): readonly Problem[] {
  if (!Object.hasOwn(trust, PUBLIC_GOOD)) return [];
  return [{ path: ["trust", PUBLIC_GOOD], message: `"${PUBLIC_GOOD}" is built in: choose another name` }];
}

function recordedProblems({ recorded }: Policy): readonly Problem[] {
  if (recorded === undefined || dayOf(recorded.expires) !== null) return [];
  return [{ path: ["recorded", "expires"], message: `the calendar has no ${recorded.expires}` }];
}
