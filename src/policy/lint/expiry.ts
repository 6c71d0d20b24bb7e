import { daysUntil } from "../day.ts";
import { type Ending, endingsOf } from "../expiry.ts";
import type { Policy } from "../schema.ts";
import { type Finding, finding } from "./finding.ts";

/** Days ahead at which an end is worth a word, and from which it is urgent. */
const SOON = 60;
const URGENT = 14;

/** `further`: the ends of the trust roots and keys that the policy stands on. */
export function expiryFindings(policy: Policy, further: readonly Ending[], now: Date): readonly Finding[] {
  return [...endingsOf({ policy }), ...further].flatMap((one) => ending(one, now));
}

function ending({ what, ends, path, hint }: Ending, now: Date): readonly Finding[] {
  const days = daysUntil(ends, now);
  if (days <= 0) return [finding("error", "expired", path, `${what} expired on ${dayOf(ends)}`, hint)];
  if (days > SOON) return [];
  const message = `${what} expires in ${days} days, on ${dayOf(ends)}`;
  return [finding(days <= URGENT ? "warning" : "note", "expires-soon", path, message, hint)];
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
