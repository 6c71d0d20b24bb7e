import { LIMITS } from "../../limits.ts";
import { fail } from "../fault.ts";
import { absent, type BundleVersion, bytes, list, malformed, members, text } from "./fields.ts";
import { type LogEntry, readEntry } from "./log-entry.ts";

/** A Sigstore bundle in strict reading (protobuf-specs `Bundle`, versions 0.1 to 0.3). Nothing in it is believed yet. */
export interface Bundle {
  readonly signer: BundleSigner;
  readonly entries: readonly LogEntry[];
  /** RFC 3161 TimeStampResp, DER. */
  readonly timestamps: readonly Buffer[];
  readonly content: Content;
}

export type BundleSigner =
  /** DER, the leaf first. Never empty. */
  { readonly kind: "certificate"; readonly chain: readonly Buffer[] } | { readonly kind: "key"; readonly hint: string };

export type Content = Envelope | MessageSignature;

export interface Envelope {
  readonly kind: "dsse";
  readonly payloadType: string;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

export interface MessageSignature {
  readonly kind: "message";
  readonly algorithm: "sha256" | "sha384" | "sha512";
  readonly digest: Buffer;
  readonly signature: Buffer;
}

const MEDIA_TYPES: Readonly<Record<string, BundleVersion>> = {
  "application/vnd.dev.sigstore.bundle+json;version=0.1": "0.1",
  "application/vnd.dev.sigstore.bundle+json;version=0.2": "0.2",
  "application/vnd.dev.sigstore.bundle+json;version=0.3": "0.3",
  "application/vnd.dev.sigstore.bundle.v0.3+json": "0.3",
};

const HASHES: Readonly<Record<string, { readonly algorithm: MessageSignature["algorithm"]; readonly size: number }>> = {
  SHA2_256: { algorithm: "sha256", size: 32 },
  SHA2_384: { algorithm: "sha384", size: 48 },
  SHA2_512: { algorithm: "sha512", size: 64 },
};

const SIGNATURE_BYTES = 2048;

/** Reads the JSON of a bundle: every bound is held and every unknown member refused before any cryptography. @throws Fault */
export function readBundle(json: unknown): Bundle {
  const bundle = members(json, "bundle", ["mediaType", "verificationMaterial", "dsseEnvelope", "messageSignature"]);
  const version = versionOf(bundle["mediaType"]);
  const material = members(bundle["verificationMaterial"], "verificationMaterial", [
    "certificate",
    "publicKey",
    "x509CertificateChain",
    "tlogEntries",
    "timestampVerificationData",
  ]);
  return bounded({
    signer: signerOf(material, version),
    entries: list(material["tlogEntries"], "tlogEntries", LIMITS.tlogEntries).map((entry, n) =>
      readEntry(entry, `tlogEntries[${n}]`, version),
    ),
    timestamps: timestampsOf(material["timestampVerificationData"]),
    content: contentOf(bundle),
  });
}

/** Each part is bounded where it is read; this bounds their sum. */
function bounded(bundle: Bundle): Bundle {
  const { content, entries, timestamps } = bundle;
  const parts = [...entries.map((entry) => entry.canonicalizedBody), ...timestamps];
  const size = parts.reduce((sum, part) => sum + part.length, content.kind === "dsse" ? content.payload.length : 0);
  return size > LIMITS.bundleBytes
    ? fail("BUNDLE_TOO_LARGE", `the bundle is larger than ${LIMITS.bundleBytes} bytes`)
    : bundle;
}

function versionOf(mediaType: unknown): BundleVersion {
  const spelled = text(mediaType, "mediaType", 200);
  const version = Object.hasOwn(MEDIA_TYPES, spelled) ? MEDIA_TYPES[spelled] : undefined;
  return version ?? fail("BUNDLE_VERSION", `the media type ${JSON.stringify(spelled)} is not known`);
}

function signerOf(material: Readonly<Record<string, unknown>>, version: BundleVersion): BundleSigner {
  const { certificate, publicKey, x509CertificateChain } = material;
  if ([certificate, publicKey, x509CertificateChain].filter((one) => !absent(one)).length !== 1) {
    return malformed("verificationMaterial", "does not hold exactly one of certificate, chain and key");
  }
  if (!absent(publicKey)) {
    const { hint } = members(publicKey, "publicKey", ["hint"]);
    return { kind: "key", hint: absent(hint) ? "" : text(hint, "publicKey.hint", 1000) };
  }
  if (!absent(certificate)) return { kind: "certificate", chain: [certificateBytes(certificate, "certificate")] };
  if (version === "0.3") return malformed("x509CertificateChain", "is not part of bundles since version 0.3");
  const { certificates } = members(x509CertificateChain, "x509CertificateChain", ["certificates"]);
  const chain = list(certificates, "certificates", LIMITS.certificateChain);
  if (chain.length === 0) return malformed("x509CertificateChain", "is empty");
  return { kind: "certificate", chain: chain.map((one, n) => certificateBytes(one, `certificates[${n}]`)) };
}

function certificateBytes(json: unknown, path: string): Buffer {
  return bytes(members(json, path, ["rawBytes"])["rawBytes"], `${path}.rawBytes`, LIMITS.certificateBytes);
}

function timestampsOf(json: unknown): readonly Buffer[] {
  if (absent(json)) return [];
  const { rfc3161Timestamps } = members(json, "timestampVerificationData", ["rfc3161Timestamps"]);
  return list(rfc3161Timestamps, "rfc3161Timestamps", LIMITS.timestamps).map((one, n) => {
    const path = `rfc3161Timestamps[${n}]`;
    return bytes(members(one, path, ["signedTimestamp"])["signedTimestamp"], path, LIMITS.certificateBytes);
  });
}

function contentOf({ dsseEnvelope, messageSignature }: Readonly<Record<string, unknown>>): Content {
  if (absent(dsseEnvelope) === absent(messageSignature)) {
    return malformed("bundle", "does not hold exactly one of dsseEnvelope and messageSignature");
  }
  return absent(dsseEnvelope) ? messageOf(messageSignature) : envelopeOf(dsseEnvelope);
}

function envelopeOf(json: unknown): Envelope {
  const envelope = members(json, "dsseEnvelope", ["payload", "payloadType", "signatures"]);
  const signatures = list(envelope["signatures"], "signatures", LIMITS.tlogEntries);
  if (signatures.length !== 1) return malformed("dsseEnvelope", "does not hold exactly one signature");
  const { sig, keyid } = members(signatures[0], "signatures[0]", ["sig", "keyid"]);
  // DSSE calls keyid an unauthenticated hint: it is read and never used.
  if (!absent(keyid)) text(keyid, "keyid", 1000);
  return {
    kind: "dsse",
    payloadType: text(envelope["payloadType"], "payloadType", 1000),
    payload: bytes(envelope["payload"], "payload"),
    signature: bytes(sig, "signatures[0].sig", SIGNATURE_BYTES),
  };
}

function messageOf(json: unknown): MessageSignature {
  const message = members(json, "messageSignature", ["messageDigest", "signature"]);
  const digest = members(message["messageDigest"], "messageDigest", ["algorithm", "digest"]);
  const name = text(digest["algorithm"], "messageDigest.algorithm", 100);
  const hash = Object.hasOwn(HASHES, name) ? HASHES[name] : undefined;
  if (hash === undefined) return malformed("messageDigest", "is not of a kind that is known");
  const value = bytes(digest["digest"], "messageDigest.digest", 64);
  if (value.length !== hash.size) return malformed("messageDigest", "has another length than its kind");
  const signature = bytes(message["signature"], "messageSignature.signature", SIGNATURE_BYTES);
  return { kind: "message", algorithm: hash.algorithm, digest: value, signature };
}
