import { dayOf, daysUntil } from "./day.ts";
import type { Layer } from "./layer.ts";

/** Days ahead at which an expiry is warned about. */
const THRESHOLDS = [7, 14, 30, 60] as const;

/** Something that ends; also trust roots and keys, whose dates come from their files. */
export interface Ending {
  /** For messages: `exceptions[0] pkg:npm/left-pad@1.3.0`. */
  readonly what: string;
  readonly ends: Date;
}

/** One line for everything in a layer that has expired or will within 60 days, the soonest first. */
export function expiryWarnings(layer: Layer, now: Date, further: readonly Ending[] = []): readonly string[] {
  return [...endingsOf(layer), ...further]
    .toSorted((left, right) => left.ends.getTime() - right.ends.getTime())
    .flatMap(({ what, ends }) => warn(`${layer.name}: ${what}`, ends, now));
}

function warn(what: string, ends: Date, now: Date): readonly string[] {
  const days = daysUntil(ends, now);
  const date = ends.toISOString().slice(0, 10);
  if (days <= 0) return [`${what} expired on ${date}`];
  const threshold = THRESHOLDS.find((limit) => days <= limit);
  return threshold === undefined ? [] : [`${what} expires on ${date}, in less than ${threshold} days`];
}

function endingsOf({ policy }: Layer): readonly Ending[] {
  const { rules = [], exceptions = [], recorded } = policy;
  return [
    ...rules.flatMap(({ packages, expires }, at) => ending(`rules[${at}] ${packages[0]}`, expires)),
    ...exceptions.flatMap((exception, at) => ending(`exceptions[${at}] ${exception.package}`, exception.expires)),
    ...ending(`recorded ${recorded?.file}`, recorded?.expires),
  ];
}

function ending(what: string, expires: string | undefined): readonly Ending[] {
  const ends = expires === undefined ? null : dayOf(expires);
  return ends === null ? [] : [{ what, ends }];
}
