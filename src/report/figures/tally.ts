import type { JsonPackage } from "../json-schema.ts";

export type { GroundKind } from "../summary.ts";

type Ground = JsonPackage["ground"];

const WEAKEST: readonly Ground[] = [
  "denied",
  "audited",
  "excepted",
  "unsigned",
  "archive",
  "recorded",
  "baseline",
  "signed",
];

/** Of two grounds the one that one would want to improve first. */
export function weakest(left: Ground, right: Ground): Ground {
  return WEAKEST.indexOf(left) <= WEAKEST.indexOf(right) ? left : right;
}

/** How often each name stands in a list, in the order of the names. */
export function countBy(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names.toSorted()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}
