const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of `30m`, `72h`, `7d`, `2w`; infinite where it is not a duration. */
export function durationOf(text: string): number {
  const unit = UNITS[text.at(-1) ?? ""];
  const count = Number(text.slice(0, -1));
  return unit === undefined || !Number.isInteger(count) ? Number.POSITIVE_INFINITY : count * unit;
}

/** The oldest of the signing times that are known. */
export function oldest(times: readonly (Date | null)[]): Date | null {
  const known = times.filter((time) => time !== null).map((time) => time.getTime());
  return known.length === 0 ? null : new Date(Math.min(...known));
}

export function isOldEnough(signedAt: Date | null, minimum: string, now: Date): boolean {
  return signedAt !== null && now.getTime() - signedAt.getTime() >= durationOf(minimum);
}
