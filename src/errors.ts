import type { Denial } from "./model/codes.ts";

/** Kinds of error that a person can meet; each has one exit code (`exit.ts`). Anything else is a bug of ours. */
export type ErrorKind =
  /** Usage: the command line, or a command that is not gated yet. 64 */
  | "usage"
  /** The policy, or a file that it names. 78 */
  | "policy"
  /** Bytes or evidence that do not hold, or cannot be bound. 66 */
  | "unbound"
  /** Could not find out. 69 */
  | "unavailable"
  /** The installer is not there. 127 */
  | "installer";

/** An error for the user: no stack is shown. `code` is stable; `hint` says what to do. */
export class SafeInstallError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(kind: ErrorKind, code: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "SafeInstallError";
    this.kind = kind;
    this.code = code;
    this.hint = options.hint;
  }
}

/** Thrown by plugins where one artifact's bytes contradict, or could not be fetched. Becomes that artifact's denial. */
export class ArtifactError extends Error {
  readonly denial: Denial;

  constructor(denial: Denial) {
    super(denial.message);
    this.name = "ArtifactError";
    this.denial = denial;
  }
}

/** Thrown by evidence sources: could not be asked. "No evidence" is an empty answer instead. */
export class SourceUnavailable extends Error {
  readonly location: string;
  readonly reason: string;

  constructor(location: string, reason: string) {
    super(`${location}: ${reason}`);
    this.name = "SourceUnavailable";
    this.location = location;
    this.reason = reason;
  }
}
