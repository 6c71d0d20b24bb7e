import type { Fetched } from "../plugin.ts";

/**
 * Until when an answer forbids to ask again; null: it does not (GitHub REST API, "Rate limits": `retry-after` before
 * `x-ratelimit-reset`, and a minute where neither says anything).
 */
export function limitedUntil({ status, limits = {} }: Pick<Fetched, "status" | "limits">, now: Date): Date | null {
  if (status !== 403 && status !== 429) return null;
  const after = limits["retry-after"];
  const isUsedUp = limits["x-ratelimit-remaining"] === "0";
  if (after !== undefined) return orInAMinute(/^\d+$/.test(after) ? later(now, Number(after)) : new Date(after), now);
  if (isUsedUp) return orInAMinute(new Date(Number(limits["x-ratelimit-reset"] ?? Number.NaN) * 1000), now);
  return status === 429 ? later(now, 60) : null;
}

function orInAMinute(date: Date, now: Date): Date {
  return Number.isNaN(date.getTime()) ? later(now, 60) : date;
}

function later(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}
