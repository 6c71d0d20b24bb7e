import type { Code, Denial } from "./model/codes.ts";
import type { Evidence } from "./model/evidence.ts";
import type { ErrorKind, RunCode } from "./model/errors/index.ts";

export type { ErrorKind };
export type ErrorCode = RunCode | Code;

/** An error for the user: no stack is shown. `code` is stable; `hint` says what to do. */
export class SafeInstallError extends Error {
  readonly kind: ErrorKind;
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(kind: ErrorKind, code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
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
  /** What was answered nevertheless: it is judged, and that there may be more stays said. */
  readonly partial: readonly Evidence[];

  constructor(location: string, reason: string, partial: readonly Evidence[] = []) {
    super(`${location}: ${reason}`);
    this.name = "SourceUnavailable";
    this.location = location;
    this.reason = reason;
    this.partial = partial;
  }
}
