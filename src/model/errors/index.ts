import type { ErrorFacts } from "./facts.ts";
import { INSTALLER, POLICY } from "./policy.ts";
import { UNAVAILABLE, UNBOUND } from "./run.ts";
import { USAGE } from "./usage.ts";

/**
 * Every code that stops a whole run, by the kind of its error, with what it means and what to do. A code of one package
 * (`codes.ts`) may stop a run as well. A code that is in no table does not compile.
 */
export const ERRORS = {
  usage: USAGE,
  policy: POLICY,
  unbound: UNBOUND,
  unavailable: UNAVAILABLE,
  installer: INSTALLER,
} as const satisfies Record<string, Readonly<Record<string, ErrorFacts>>>;

/** Kinds of error that a person can meet; each has one exit code (`exit.ts`). Anything else is a bug of ours. */
export type ErrorKind = keyof typeof ERRORS;

type KeyOf<T> = T extends unknown ? keyof T : never;
export type RunCode = KeyOf<(typeof ERRORS)[ErrorKind]>;
