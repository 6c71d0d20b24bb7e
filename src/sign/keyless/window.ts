import { SafeInstallError } from "../../errors.ts";
import { LIMITS } from "../../limits.ts";

/** A time within which something may be asked again: afterwards it is of no use. */
export interface SigningWindow {
  /** For messages: `the certificate`. */
  readonly of: string;
  readonly closes: Date;
}

export interface Clock {
  readonly now: () => Date;
  readonly pause: (ms: number) => Promise<void>;
}

interface Question<T> {
  /** For messages: `the log https://...`. */
  readonly whom: string;
  readonly window: SigningWindow;
  /** Never in a message. */
  readonly secret: string;
  readonly ask: () => Promise<T>;
}

/**
 * Asks again what failed in passing, as long as the window is open.
 * @throws SafeInstallError WINDOW_CLOSED, SIGNING_UNAVAILABLE
 */
export async function askWithin<T>({ whom, window, secret, ask }: Question<T>, clock: Clock): Promise<T> {
  let reason = "";
  for (let attempt = 0; attempt < LIMITS.signingAttempts; attempt++) {
    if (clock.now() >= window.closes) throw closed(whom, window, reason);
    try {
      return await ask();
    } catch (error) {
      reason = reasonOf(error, secret);
      if (!mayPass(error)) throw unavailable(whom, reason);
      await clock.pause(Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS));
    }
  }
  throw unavailable(whom, `${reason}, ${LIMITS.signingAttempts} times`);
}

/** Three parts of base64url, the first of which is an object in JSON (RFC 7519). */
const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;
const FIRST_MS = 250;
const LONGEST_MS = 30_000;

interface Failure {
  readonly cause?: unknown;
  readonly statusCode?: unknown;
  readonly code?: string;
  readonly message?: string;
}

/** What the libraries wrap: `InternalError` around an answer, or around what the connection says. */
function innermost(error: unknown): Failure {
  const { cause } = error as Failure;
  return typeof cause === "object" && cause !== null ? innermost(cause) : (error as Failure);
}

/** A server's own fault, or the network's; what it refuses it will refuse again. */
function mayPass(error: unknown): boolean {
  const { statusCode, code } = innermost(error);
  if (typeof statusCode === "number") return statusCode >= 500 || statusCode === 408 || statusCode === 429;
  return code !== undefined && /^(?:E[A-Z]+|UND_ERR.*)$/.test(code);
}

/** A part of the token is as little to be repeated as all of it: it goes before the text is cut. */
function reasonOf(error: unknown, secret: string): string {
  const { message, code } = innermost(error);
  const said = [message, code].find((one) => typeof one === "string" && one !== "") ?? "it failed";
  return said.replaceAll(secret, "(the token)").replaceAll(TOKEN, "(a token)").slice(0, 300);
}

function closed(whom: string, { of, closes }: SigningWindow, reason: string): SafeInstallError {
  const last = reason === "" ? "" : `; the last answer: ${reason}`;
  return new SafeInstallError(
    "unavailable",
    "WINDOW_CLOSED",
    `${of} ended at ${closes.toISOString()}, before ${whom} had answered${last}`,
    { hint: "nothing was written; run the step again, it gets a new one" },
  );
}

function unavailable(whom: string, reason: string): SafeInstallError {
  return new SafeInstallError("unavailable", "SIGNING_UNAVAILABLE", `${whom}: ${reason}`, {
    hint: "nothing was written; run it again",
  });
}
