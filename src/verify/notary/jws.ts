import { LIMITS } from "../../limits.ts";
import { JsonError, parseJson } from "../../json.ts";
import type { NotaryEnvelope } from "./envelope.ts";
import { readHeaders } from "./headers.ts";
import { malformed, refuseLookalikes } from "./malformed.ts";

type JsonMembers = Readonly<Record<string, unknown>>;

const ENVELOPE = ["payload", "protected", "header", "signature", "signatures"];
const PROTECTED = [
  "alg",
  "cty",
  "crit",
  "b64",
  "io.cncf.notary.signingScheme",
  "io.cncf.notary.signingTime",
  "io.cncf.notary.authenticSigningTime",
  "io.cncf.notary.expiry",
  "io.cncf.notary.verificationPlugin",
];
const TIMESTAMP = "io.cncf.notary.timestampSignature";
const UNPROTECTED = ["x5c", TIMESTAMP];

/** JWS in its flattened JSON serialization (RFC 7515 section 7.2.2; signature-envelope-jws.md). @throws Fault */
export function readJws(bytes: Buffer): NotaryEnvelope {
  const envelope = object(bytes, "is not a JSON object", ENVELOPE);
  if ("signatures" in envelope) malformed("is in the general serialization, with several signatures");
  const payload = text(envelope["payload"], "payload");
  const guarded = text(envelope["protected"], "protected");
  const header = envelope["header"];
  if (!isObject(header)) return malformed("has no unprotected header");
  refuseLookalikes(Object.keys(header), UNPROTECTED);
  const stated = object(fromBase64Url(guarded, "protected"), "has no JSON object for its protected header", PROTECTED);
  // RFC 7797: an unencoded payload is another text to sign.
  if ("b64" in stated) malformed("says how its payload is encoded");
  // RFC 7515 section 4: the names are disjoint, or two readers take two values.
  for (const name of Object.keys(header)) if (Object.hasOwn(stated, name)) malformed("has one header in both places");
  const { alg, cty, crit, ...named } = stated;
  return {
    algorithm: typeof alg === "string" ? alg : malformed("has no algorithm"),
    headers: readHeaders({
      contentType: cty,
      critical: crit,
      named: new Map(Object.entries(named)),
      timeOf: (value) => (typeof value === "string" && TIME.test(value) ? new Date(value) : null),
    }),
    payload: fromBase64Url(payload, "payload"),
    chain: chainIn(header["x5c"]),
    timestamp: TIMESTAMP in header ? fromBase64(header[TIMESTAMP], TIMESTAMP) : null,
    signed: Buffer.from(`${guarded}.${payload}`, "ascii"),
    signature: fromBase64Url(text(envelope["signature"], "signature"), "signature"),
  };
}

/** RFC 3339 section 5.6. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

function chainIn(x5c: unknown): readonly Buffer[] {
  if (!Array.isArray(x5c) || x5c.length === 0) return malformed("has no certificates");
  if (x5c.length > LIMITS.certificateChain) return malformed(`has more than ${LIMITS.certificateChain} certificates`);
  return x5c.map((one: unknown) => fromBase64(one, "x5c"));
}

/** Strict JSON, in which no name looks like one of those that are read. */
export function object(bytes: Buffer, otherwise: string, read: readonly string[]): JsonMembers {
  try {
    const value = parseJson(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    if (!isObject(value)) return malformed(otherwise);
    refuseLookalikes(Object.keys(value), read);
    return value;
  } catch (error) {
    if (error instanceof JsonError) return malformed(`${otherwise}: ${error.message.slice(0, 200)}`);
    if (error instanceof TypeError) return malformed(`${otherwise}: it is not UTF-8`);
    throw error;
  }
}

export function isObject(value: unknown): value is JsonMembers {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown, name: string): string {
  return typeof value === "string" ? value : malformed(`has no ${name}`);
}

/** In its one spelling, without padding (RFC 7515 section 2). */
function fromBase64Url(spelled: string, name: string): Buffer {
  const decoded = Buffer.from(spelled, "base64url");
  return decoded.toString("base64url") === spelled ? decoded : malformed(`has a ${name} that is not base64url`);
}

/** In its one spelling, with padding (RFC 4648 section 4); never empty. */
function fromBase64(spelled: unknown, name: string): Buffer {
  const decoded = Buffer.from(typeof spelled === "string" ? spelled : "", "base64");
  const isOne = decoded.length > 0 && decoded.toString("base64") === spelled;
  return isOne ? decoded : malformed(`has ${name} that is not base64`);
}
