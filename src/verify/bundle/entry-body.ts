import { JsonError, parseJson } from "../../json.ts";
import { fail } from "../fault.ts";

/** What a log entry says was signed with what. */
export interface LogRecord {
  readonly signature: Buffer;
  readonly verifier: { readonly kind: "certificate" | "key"; /** Certificate or SPKI. */ readonly der: Buffer };
}

/**
 * Reads the body of a Rekor entry. Kinds: hashedrekord 0.0.1 and 0.0.2, dsse 0.0.1 and 0.0.2, intoto 0.0.2.
 * Source: sigstore/rekor pkg/types, sigstore/rekor-tiles api/proto. White space and the order of members are the log's
 * own: they are part of what it signed and mean nothing, so no spelling is asked for; only a body that says something
 * twice is refused. @throws Fault
 */
export function readBody(
  body: Buffer,
  { kind, version }: { readonly kind: string; readonly version: string },
): LogRecord {
  const entry = parse(body);
  if (at(entry, "kind") !== kind || at(entry, "apiVersion") !== version) {
    return fail("LOG_MISMATCH", "the log entry is of another kind than stated beside it");
  }
  const spec = at(entry, "spec");
  switch (`${kind}/${version}`) {
    case "hashedrekord/0.0.1":
      return recordedV1(at(spec, "signature", "content"), at(spec, "signature", "publicKey", "content"));
    case "hashedrekord/0.0.2":
      return recordedV2(at(spec, "hashedRekordV002", "signature"));
    case "dsse/0.0.1":
      return fromOnly(at(spec, "signatures"), (one) => recordedV1(at(one, "signature"), at(one, "verifier")));
    case "dsse/0.0.2":
      return fromOnly(at(spec, "dsseV002", "signatures"), recordedV2);
    case "intoto/0.0.2":
      // The signature is base64 of base64 here.
      return fromOnly(at(spec, "content", "envelope", "signatures"), (one) =>
        recordedV1(decoded(at(one, "sig")).toString("latin1"), at(one, "publicKey")),
      );
    default:
      return fail("LOG_INVALID", "the log entry is of a kind that is not known");
  }
}

function parse(body: Buffer): unknown {
  try {
    return parseJson(body.toString("utf8"));
  } catch (error) {
    if (error instanceof JsonError) return fail("LOG_INVALID", `the log entry is not JSON: ${error.message}`);
    throw error;
  }
}

function at(value: unknown, ...names: readonly string[]): unknown {
  let found = value;
  for (const name of names) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}

function fromOnly(signatures: unknown, read: (one: unknown) => LogRecord): LogRecord {
  if (!Array.isArray(signatures) || signatures.length !== 1) {
    return fail("LOG_MISMATCH", "the log entry does not record exactly one signature");
  }
  return read(signatures[0]);
}

function recordedV1(signature: unknown, verifier: unknown): LogRecord {
  return { signature: decoded(signature), verifier: pemBlock(decoded(verifier).toString("latin1")) };
}

function recordedV2(signed: unknown): LogRecord {
  const certificate = at(signed, "verifier", "x509Certificate", "rawBytes");
  const key = at(signed, "verifier", "publicKey", "rawBytes");
  if ((certificate === undefined) === (key === undefined)) {
    return fail("LOG_MISMATCH", "the log entry does not record exactly one of certificate and key");
  }
  const verifier =
    certificate === undefined
      ? ({ kind: "key", der: decoded(key) } as const)
      : ({ kind: "certificate", der: decoded(certificate) } as const);
  return { signature: decoded(at(signed, "content")), verifier };
}

const PEM = /^-----BEGIN (CERTIFICATE|PUBLIC KEY)-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END \1-----(?:\r?\n)*$/;

function pemBlock(pem: string): LogRecord["verifier"] {
  const [, label, base64] = PEM.exec(pem) ?? [];
  if (base64 === undefined) return fail("LOG_MISMATCH", "the log entry does not record exactly one certificate or key");
  return { kind: label === "CERTIFICATE" ? "certificate" : "key", der: decoded(base64.replaceAll(/[\r\n]/g, "")) };
}

function decoded(value: unknown): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value, "base64") : Buffer.alloc(0);
  if (bytes.length === 0 || bytes.toString("base64") !== value) {
    return fail("LOG_MISMATCH", "the log entry records no readable signature, certificate or key");
  }
  return bytes;
}
