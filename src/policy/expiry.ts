import { placeWords } from "./archives.ts";
import type { EndingFigure } from "../model/report.ts";
import { dayOf, daysUntil } from "./day.ts";
import type { Layer } from "./layer.ts";
import type { Problem } from "./read/problem.ts";

/** Days ahead at which an expiry is warned about. */
const THRESHOLDS = [7, 14, 30, 60] as const;

/** Something that ends; also trust roots and keys, whose dates come from their files. */
export interface Ending {
  /** For messages: `exceptions[0] pkg:npm/left-pad@1.3.0`. */
  readonly what: string;
  readonly ends: Date;
  /** Where the policy says it, or relies on it. */
  readonly path: Problem["path"];
  readonly hint?: string;
}

/** One line for everything in a layer that has expired or will within 60 days, the soonest first. */
export function expiryWarnings(layer: Layer, now: Date, further: readonly Ending[] = []): readonly string[] {
  return [...endingsOf(layer), ...further]
    .toSorted((left, right) => left.ends.getTime() - right.ends.getTime())
    .flatMap(({ what, ends }) => warnAhead(`${layer.name}: ${what}`, ends, now));
}

/** The same as figures, however far ahead, the soonest first. */
export function endingFigures(layer: Layer, now: Date, further: readonly Ending[] = []): readonly EndingFigure[] {
  return [...endingsOf(layer), ...further]
    .toSorted((left, right) => left.ends.getTime() - right.ends.getTime())
    .map(({ what, ends }) => ({
      policy: layer.name,
      what,
      expires: ends.toISOString().slice(0, 10),
      // Without the sign of zero.
      daysLeft: daysUntil(ends, now) + 0,
    }));
}

/** One line where something has ended or will within 60 days. */
export function warnAhead(what: string, ends: Date, now: Date): readonly string[] {
  const days = daysUntil(ends, now);
  const date = ends.toISOString().slice(0, 10);
  if (days <= 0) return [`${what} expired on ${date}`];
  const threshold = THRESHOLDS.find((limit) => days <= limit);
  return threshold === undefined ? [] : [`${what} expires on ${date}, in less than ${threshold} days`];
}

/** What the policy itself gives an end to. */
export function endingsOf({ policy }: Pick<Layer, "policy">): readonly Ending[] {
  const { rules = [], exceptions = [], archives = [], recorded } = policy;
  return [
    ...rules.flatMap(({ packages, expires }, at) =>
      ending(`rules[${at}] ${packages[0]}`, ["rules", at, "expires"], expires),
    ),
    ...exceptions.flatMap((exception, at) =>
      ending(`exceptions[${at}] ${exception.package}`, ["exceptions", at, "expires"], exception.expires),
    ),
    ...archives.flatMap((archive, at) =>
      ending(`archives[${at}] ${placeWords(archive)}`, ["archives", at, "expires"], archive.expires),
    ),
    ...ending(`recorded ${recorded?.file}`, ["recorded", "expires"], recorded?.expires),
  ];
}

function ending(what: string, path: Ending["path"], expires: string | undefined): readonly Ending[] {
  const ends = expires === undefined ? null : dayOf(expires);
  return ends === null ? [] : [{ what, ends, path }];
}
