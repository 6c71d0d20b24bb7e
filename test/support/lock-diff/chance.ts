/** Numbers that look like chance and are the same for the same seed (mulberry32). */
export interface Chance {
  /** Whether it happens, with a probability of 0 to 1. */
  readonly happens: (probability: number) => boolean;
  /** From 0 to below `end`. */
  readonly below: (end: number) => number;
  /** @throws RangeError where there is nothing to choose from. */
  readonly of: <T>(from: readonly T[]) => T;
}

export function chanceOf(seed: number): Chance {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    happens: (probability) => next() < probability,
    below,
    of: (from) => {
      if (from.length === 0) throw new RangeError("nothing to choose from");
      return from[below(from.length)] as (typeof from)[number];
    },
  };
}
