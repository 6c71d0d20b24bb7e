import { decode, encode } from "cborg";
import { LIMITS } from "../../limits.ts";
import { Fault } from "../fault.ts";
import type { NotaryEnvelope } from "./envelope.ts";
import { readHeaders } from "./headers.ts";
import { malformed, refuseLookalikes } from "./malformed.ts";

/** Labels of RFC 9052 section 3.1 and RFC 9360 section 2. */
const LABEL = { algorithm: 1, critical: 2, contentType: 3, chain: 33 } as const;

/** RFC 9053 section 2.1 and RFC 8230 section 2. */
const ALGORITHMS: ReadonlyMap<unknown, string> = new Map([
  [-7, "ES256"],
  [-35, "ES384"],
  [-36, "ES512"],
  [-37, "PS256"],
  [-38, "PS384"],
  [-39, "PS512"],
]);

const TIMESTAMP = "io.cncf.notary.timestampSignature";
const SIGN1 = 0xd2;

/** COSE_Sign1 with its tag (RFC 9052 section 4.2; signature-envelope-cose.md). @throws Fault */
export function readCose(bytes: Buffer): NotaryEnvelope {
  if (bytes[0] !== SIGN1) return malformed("is no COSE_Sign1 with its tag");
  const items = decoded(bytes.subarray(1), {});
  if (!Array.isArray(items) || items.length !== 4) return malformed("is no list of four");
  const [guarded, open, payload, signature] = (items as readonly unknown[]).map(bufferOr);
  if (!Buffer.isBuffer(guarded) || !Buffer.isBuffer(payload) || !Buffer.isBuffer(signature) || !(open instanceof Map))
    return malformed("has not headers, a payload and a signature");
  const protectedHeaders = mapIn(guarded);
  for (const label of open.keys()) if (protectedHeaders.has(label)) malformed("has one header in both places");
  return {
    algorithm: ALGORITHMS.get(protectedHeaders.get(LABEL.algorithm)) ?? malformed("has no algorithm that is known"),
    headers: readHeaders({
      contentType: protectedHeaders.get(LABEL.contentType),
      critical: protectedHeaders.get(LABEL.critical),
      named: new Map([...protectedHeaders].filter((entry): entry is [string, unknown] => typeof entry[0] === "string")),
      timeOf: (value) => (isTime(value) ? new Date(value.seconds * 1000) : null),
    }),
    payload,
    chain: chainIn(open.get(LABEL.chain)),
    timestamp: open.has(TIMESTAMP) ? bytesIn(open.get(TIMESTAMP), TIMESTAMP) : null,
    signed: Buffer.from(encode(["Signature1", guarded, new Uint8Array(), payload])),
    signature,
  };
}

/** Tag 1 (RFC 8949 section 3.4.2), apart from a number without it. */
interface EpochTime {
  readonly seconds: number;
}

function epochTime(seconds: unknown): EpochTime {
  return typeof seconds === "number" ? { seconds } : malformed("has a time that is no number");
}

function isTime(value: unknown): value is EpochTime {
  return typeof value === "object" && value !== null && "seconds" in value;
}

function mapIn(guarded: Buffer): ReadonlyMap<unknown, unknown> {
  const map = decoded(guarded, { 1: (read) => epochTime(read()) });
  if (!(map instanceof Map)) return malformed("has a protected header that is no map");
  const names = [...map.keys()].filter((label) => typeof label === "string");
  refuseLookalikes(names, NAMES);
  return map;
}

const NAMES = ["signingScheme", "signingTime", "authenticSigningTime", "expiry", "verificationPlugin"].map(
  (name) => `io.cncf.notary.${name}`,
);

/** RFC 9360 section 2: one certificate stands alone, several in a list. */
function chainIn(stated: unknown): readonly Buffer[] {
  const list = Array.isArray(stated) ? (stated as readonly unknown[]) : [stated];
  if (stated === undefined || list.length === 0) return malformed("has no certificates");
  if (list.length > LIMITS.certificateChain) return malformed(`has more than ${LIMITS.certificateChain} certificates`);
  return list.map((one) => bytesIn(one, "certificate"));
}

function bytesIn(value: unknown, name: string): Buffer {
  const bytes = bufferOr(value);
  return Buffer.isBuffer(bytes) ? bytes : malformed(`has a ${name} that is no text of bytes`);
}

function bufferOr(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}

/** Definite lengths, shortest forms, no key twice, nothing behind it; no tags but those named. */
function decoded(bytes: Buffer, tags: NonNullable<Parameters<typeof decode>[1]>["tags"] & object): unknown {
  try {
    return decode(bytes, {
      allowIndefinite: false,
      allowUndefined: false,
      allowInfinity: false,
      allowNaN: false,
      allowBigInt: false,
      strict: true,
      useMaps: true,
      rejectDuplicateMapKeys: true,
      tags,
    });
  } catch (error) {
    if (error instanceof Fault) throw error;
    return malformed("is not well-formed CBOR");
  }
}
