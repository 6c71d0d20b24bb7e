import { dayOf, daysUntil } from "../day.ts";
import type { Policy } from "../schema.ts";
import { type Finding, finding } from "./finding.ts";

/** Days ahead at which an end is worth a word, and from which it is urgent. */
const SOON = 60;
const URGENT = 14;

export function expiryFindings({ rules = [], exceptions = [], recorded }: Policy, now: Date): readonly Finding[] {
  return [
    ...rules.flatMap(({ expires }, at) => ending(["rules", at, "expires"], expires, now)),
    ...exceptions.flatMap(({ expires }, at) => ending(["exceptions", at, "expires"], expires, now)),
    ...ending(["recorded", "expires"], recorded?.expires, now),
  ];
}

function ending(path: Finding["path"], expires: string | undefined, now: Date): readonly Finding[] {
  const ends = expires === undefined ? null : dayOf(expires);
  if (ends === null) return [];
  const days = daysUntil(ends, now);
  if (days <= 0) return [finding("error", "expired", path, `expired on ${expires}`)];
  if (days > SOON) return [];
  return [finding(days <= URGENT ? "warning" : "note", "expires-soon", path, `expires in ${days} days`)];
}
