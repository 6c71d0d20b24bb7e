const DAY = 86_400_000;

/** Midnight UTC of `2027-03-31`; null where the calendar has no such day. */
export function dayOf(text: string): Date | null {
  return instantOf(`${text}T00:00:00Z`);
}

/** `2026-05-11T00:00:00Z`; null where the calendar has no such time (February 30th). */
export function instantOf(text: string): Date | null {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return null;
  return time.toISOString() === text.replace("Z", ".000Z") ? time : null;
}

/** `expires` is exclusive; what is no day has expired. */
export function hasExpired(expires: string | undefined, now: Date): boolean {
  if (expires === undefined) return false;
  const end = dayOf(expires);
  return end === null || now.getTime() >= end.getTime();
}

/** Whole days until then, rounded up; negative or 0: over. */
export function daysUntil(end: Date, now: Date): number {
  return Math.ceil((end.getTime() - now.getTime()) / DAY);
}
