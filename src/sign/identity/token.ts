import { SafeInstallError } from "../../errors.ts";
import { parseJsonOr } from "../../json.ts";

/** An identity token (OpenID Connect Core, section 2), as its bearer reads it: its signature is for who issues certificates to judge. */
export interface Token {
  /** A secret: never in a message, a log or a bundle. */
  readonly text: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly expires: Date;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** @param source for messages. @throws SafeInstallError IDENTITY_UNAVAILABLE, in which nothing of the token stands */
export function readToken(given: string, source: string): Token {
  const text = given.trim();
  const claims = payloadOf(text);
  const { iss: issuer, sub: subject, aud, exp } = claims ?? {};
  const expires = typeof exp === "number" ? new Date(exp * 1000) : null;
  if (claims === null || typeof issuer !== "string" || typeof subject !== "string" || !isTime(expires))
    throw unavailable(`what ${source} gave is no identity token`);
  const audiences = (Array.isArray(aud) ? aud : [aud]).filter((one) => typeof one === "string");
  return { text, issuer, subject, audiences, expires, claims };
}

function isTime(date: Date | null): date is Date {
  return date !== null && !Number.isNaN(date.getTime());
}

function payloadOf(text: string): Readonly<Record<string, unknown>> | null {
  const [, payload] = /^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(text) ?? [];
  if (payload === undefined) return null;
  const found = parseJsonOr(Buffer.from(payload, "base64url").toString("utf8"), () => null);
  return typeof found === "object" && found !== null ? (found as Readonly<Record<string, unknown>>) : null;
}

/** Fulcio takes it until then; there is no other one to be had from the same step. @throws SafeInstallError WINDOW_CLOSED */
export function requireLiving({ expires }: Token, now: Date): void {
  if (expires > now) return;
  throw new SafeInstallError("unavailable", "WINDOW_CLOSED", `the identity token ended at ${expires.toISOString()}`, {
    hint: "tokens live for minutes: let sign be the step right after the build, and read the token in it",
  });
}

export function unavailable(message: string, hint = "nothing was signed"): SafeInstallError {
  return new SafeInstallError("unavailable", "IDENTITY_UNAVAILABLE", message, { hint });
}
