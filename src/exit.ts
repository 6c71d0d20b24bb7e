import type { ErrorKind } from "./errors.ts";

/** Exit codes (sysexits where one fits). An allowed run ends with the installer's own code. */
export const EXIT = {
  ok: 0,
  usage: 64,
  denied: 65,
  doesNotHold: 66,
  unavailable: 69,
  bug: 70,
  policy: 78,
  installerNotFound: 127,
} as const;

const BY_KIND = {
  usage: EXIT.usage,
  policy: EXIT.policy,
  unbound: EXIT.doesNotHold,
  unavailable: EXIT.unavailable,
  installer: EXIT.installerNotFound,
} as const satisfies Record<ErrorKind, number>;

export function exitOfKind(kind: ErrorKind): number {
  return BY_KIND[kind];
}

/** What does not hold outranks what policy denies, and that outranks what could not be found out. */
const RANK: readonly number[] = [EXIT.doesNotHold, EXIT.denied, EXIT.unavailable];

/** The exit code of several denials: the first of `RANK` that occurs; 0 for none. */
export function worstExit(exits: Iterable<number>): number {
  const seen = new Set(exits);
  return RANK.find((code) => seen.has(code)) ?? EXIT.ok;
}
