/**
 * A whole Sigstore instance in this process: certificate authority, CT log, Rekor v1 and v2, timestamp authority.
 * Mints bundles for any identity in a few milliseconds, good ones and each wrong kind that the verifier has to see.
 */
import { createHash } from "node:crypto";
import {
  type Authority,
  type CtLog,
  type LeafKnobs,
  issueLeaf,
  newAuthority,
  newTimestampSigner,
} from "./sigstore/certificate.ts";
import { type EntryKind, type Recorded, type SignedContent, entryBody, preAuthEncoding } from "./sigstore/entry.ts";
import type { Identity } from "./sigstore/identity.ts";
import { type Curve, type Key, keyDetails, newKey, signWith } from "./sigstore/keys.ts";
import { type EntryKnobs, type Log, append, newLog } from "./sigstore/log.ts";
import { timestamp, timestampOver } from "./sigstore/timestamp.ts";

export {
  azurePipelinesIdentity,
  emailIdentity,
  githubIdentity,
  gitlabIdentity,
  type Identity,
} from "./sigstore/identity.ts";
export { claim, type LeafKnobs } from "./sigstore/certificate.ts";
export { type Key, newKey, pem } from "./sigstore/keys.ts";
export * as der from "./sigstore/der.ts";

export interface InstanceOptions {
  /** Start and end of everything in the trusted root. */
  readonly validFor?: { readonly start: Date; readonly end?: Date };
  /** How many Rekor v1 logs; 1 by default. */
  readonly logs?: number;
  /** Part of host and subject names. */
  readonly name?: string;
  /** What the CA's keys are. P-384, as the public-good instance, unless speed matters. */
  readonly curve?: Curve;
}

export interface Subject {
  readonly name: string;
  readonly digest: Readonly<Record<string, string>>;
}

/** What is to be otherwise than in a good v0.3 bundle with one Rekor v1 entry. */
export interface Knobs {
  /** When it is signed, logged and stamped; now by default. */
  readonly at?: Date;
  readonly leaf?: LeafKnobs;
  /** The log's entries. "none": no entry. v2 entries carry no time: ask for `timestamps` too. */
  readonly log?: "none" | readonly LogKnobs[];
  /** RFC 3161 timestamps by the instance's TSA. Dates or a count. */
  readonly timestamps?: number | readonly Date[];
  readonly mediaType?: string;
  /** Carries leaf and intermediate as v0.1 and v0.2 bundles do. */
  readonly chain?: boolean;
}

export interface LogKnobs extends EntryKnobs {
  readonly version?: 1 | 2;
  /** Which of the v1 logs. */
  readonly by?: number;
  readonly kind?: EntryKind;
  /** Records another certificate, key or signature than the bundle's. */
  readonly recorded?: Partial<Recorded>;
}

export interface Statement extends Knobs {
  readonly subjects?: readonly Subject[];
  readonly predicateType?: string;
  readonly predicate?: unknown;
  readonly statementType?: string;
  /** The payload's text instead of the statement made of the above. */
  readonly payload?: string;
  readonly payloadType?: string;
}

export type Signing = { readonly identity: Identity } | { readonly key: Key; readonly hint?: string };

export interface Instance {
  /** JSON of `trusted_root.json`. */
  readonly trustedRoot: Record<string, unknown>;
  readonly intermediate: Authority;
  readonly logs: readonly Log[];
  /** What its servers do (`sigstore/services.ts`). */
  readonly services: Services;
  /** Signs an in-toto statement; returns the bundle's JSON. */
  attest(what: Statement & Signing): Promise<Record<string, unknown>>;
  /** Signs bytes. */
  signMessage(what: { readonly bytes: Buffer } & Knobs & Signing): Promise<Record<string, unknown>>;
}

export const SLSA_V1 = "https://slsa.dev/provenance/v1";
const BUNDLE_V03 = "application/vnd.dev.sigstore.bundle.v0.3+json";

export async function createInstance(options: InstanceOptions = {}): Promise<Instance> {
  const parts = newParts(options);
  return {
    trustedRoot: trustedRoot(parts),
    intermediate: parts.intermediate,
    logs: [...parts.logs, parts.log2],
    services: servicesOf(parts),
    attest: async (what) => {
      const payloadType = what.payloadType ?? "application/vnd.in-toto+json";
      const payload = Buffer.from(what.payload ?? JSON.stringify(statement(what)), "utf8");
      return mint(parts, what, { payloadType, payload });
    },
    signMessage: async (what) => mint(parts, what, what.bytes),
  };
}

/** Each as its server does it, for whoever asks. */
export interface Services {
  certify(spki: Buffer, identity: Identity, at: Date, knobs?: LeafKnobs): { leaf: Buffer; intermediate: Buffer };
  log(version: 1 | 2, kind: EntryKind, recorded: Recorded, at: Date): Record<string, unknown>;
  stamp(imprint: Buffer, at: Date): Buffer;
}

function servicesOf(parts: Parts): Services {
  return {
    certify: (spki, identity, at, knobs = {}) => {
      const key = { ...newKey("P-256"), spki };
      const { certificate } = issueLeaf(parts.intermediate, parts.ct, identity, at, { ...knobs, key });
      return { leaf: certificate, intermediate: parts.intermediate.certificate };
    },
    log: (version, kind, recorded, at) => {
      const made = entryBody(version, kind, recorded);
      return append(version === 2 ? parts.log2 : parts.logs[0]!, made.kind, made.body, at);
    },
    stamp: (imprint, at) => timestampOver({ ...parts.tsa, issuerName: parts.tsaRoot.name }, imprint, at),
  };
}

interface Parts {
  readonly validFor: { readonly start: Date; readonly end?: Date };
  readonly name: string;
  readonly root: Authority;
  readonly intermediate: Authority;
  readonly ct: CtLog;
  readonly logs: readonly Log[];
  readonly log2: Log;
  readonly tsaRoot: Authority;
  readonly tsa: ReturnType<typeof newTimestampSigner>;
}

function newParts(options: InstanceOptions): Parts {
  const { name = "sigstore.test", curve = "P-384", validFor = { start: new Date("2020-01-01T00:00:00Z") } } = options;
  const validity = [validFor.start, new Date("2045-01-01T00:00:00Z")] as const;
  const root = newAuthority(`${name} root`, validity, undefined, curve);
  const tsaRoot = newAuthority(`${name} tsa root`, validity, undefined, curve);
  return {
    validFor,
    name,
    root,
    intermediate: newAuthority(`${name} intermediate`, validity, root, curve),
    ct: { key: newKey("P-256") },
    logs: Array.from({ length: options.logs ?? 1 }, (_, n) => newLog(1, `rekor${n === 0 ? "" : n}.${name}`)),
    log2: newLog(2, `log2.rekor.${name}`),
    tsaRoot,
    tsa: newTimestampSigner(validity, tsaRoot),
  };
}

function statement(what: Statement): unknown {
  return {
    _type: what.statementType ?? "https://in-toto.io/Statement/v1",
    subject: what.subjects ?? [],
    predicateType: what.predicateType ?? SLSA_V1,
    predicate: what.predicate ?? {},
  };
}

function mint(parts: Parts, what: Knobs & Signing, content: SignedContent): Record<string, unknown> {
  const at = what.at ?? new Date(Math.floor(Date.now() / 1000) * 1000);
  const signer = "identity" in what ? certified(parts, what.identity, at, what.leaf ?? {}) : bare(what.key);
  const signature = signWith(
    signer.verifier.key,
    Buffer.isBuffer(content) ? content : preAuthEncoding(content.payloadType, content.payload),
  );
  const stamps =
    typeof what.timestamps === "number" ? Array.from({ length: what.timestamps }, () => at) : (what.timestamps ?? []);
  const stamped = stamps.map((time) => ({
    signedTimestamp: timestamp({ ...parts.tsa, issuerName: parts.tsaRoot.name }, signature, time).toString("base64"),
  }));
  return {
    mediaType: what.mediaType ?? BUNDLE_V03,
    verificationMaterial: {
      ...material(parts, what, signer.verifier.der),
      tlogEntries: entries(parts, what, { signature, content, verifier: signer.verifier }, at),
      ...(stamped.length > 0 ? { timestampVerificationData: { rfc3161Timestamps: stamped } } : {}),
    },
    ...(Buffer.isBuffer(content)
      ? messageSignature(content, signature, signer.verifier.key)
      : envelope(content, signature)),
  };
}

function certified(parts: Parts, identity: Identity, at: Date, knobs: LeafKnobs): { verifier: Recorded["verifier"] } {
  const { key, certificate } = issueLeaf(knobs.issuer ?? parts.intermediate, parts.ct, identity, at, knobs);
  return { verifier: { label: "CERTIFICATE", der: certificate, key } };
}

function bare(key: Key): { verifier: Recorded["verifier"] } {
  return { verifier: { label: "PUBLIC KEY", der: key.spki, key } };
}

function material(parts: Parts, what: Knobs & Signing, certificate: Buffer): Record<string, unknown> {
  if (!("identity" in what)) return { publicKey: { hint: what.hint ?? "" } };
  const rawBytes = (der: Buffer) => ({ rawBytes: der.toString("base64") });
  if (what.chain)
    return { x509CertificateChain: { certificates: [certificate, parts.intermediate.certificate].map(rawBytes) } };
  return { certificate: rawBytes(certificate) };
}

function entries(parts: Parts, what: Knobs, recorded: Recorded, at: Date): unknown[] {
  if (what.log === "none") return [];
  return (what.log ?? [{}]).map((knobs) => {
    const log = knobs.version === 2 ? parts.log2 : parts.logs[knobs.by ?? 0]!;
    const fitting = Buffer.isBuffer(recorded.content) || log.version === 2 ? "hashedrekord" : "dsse";
    const { kind, body } = entryBody(log.version, knobs.kind ?? fitting, { ...recorded, ...knobs.recorded });
    return append(log, kind, body, at, knobs);
  });
}

function envelope(content: { payloadType: string; payload: Buffer }, signature: Buffer): Record<string, unknown> {
  const { payloadType, payload } = content;
  return {
    dsseEnvelope: {
      payloadType,
      payload: payload.toString("base64"),
      signatures: [{ sig: signature.toString("base64") }],
    },
  };
}

function messageSignature(bytes: Buffer, signature: Buffer, key: Key): Record<string, unknown> {
  const [algorithm, digest] =
    key.curve === "P-384" ? (["SHA2_384", "sha384"] as const) : (["SHA2_256", "sha256"] as const);
  const messageDigest = { algorithm, digest: createHash(digest).update(bytes).digest("base64") };
  return { messageSignature: { messageDigest, signature: signature.toString("base64") } };
}

function trustedRoot(parts: Parts): Record<string, unknown> {
  const validFor = {
    start: parts.validFor.start.toISOString(),
    ...(parts.validFor.end ? { end: parts.validFor.end.toISOString() } : {}),
  };
  const log = (host: string, key: Key, id: Buffer) => ({
    baseUrl: `https://${host}`,
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes: key.spki.toString("base64"), keyDetails: keyDetails(key.curve), validFor },
    logId: { keyId: id.toString("base64") },
  });
  const authority = (uri: string, chain: readonly Buffer[]) => ({
    subject: { organization: "sigstore.test", commonName: parts.name },
    uri,
    certChain: { certificates: chain.map((der) => ({ rawBytes: der.toString("base64") })) },
    validFor,
  });
  return {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [...parts.logs, parts.log2].map((one) => log(one.host, one.key, one.id)),
    certificateAuthorities: [
      authority(`https://fulcio.${parts.name}`, [parts.intermediate.certificate, parts.root.certificate]),
    ],
    ctlogs: [log(`ctfe.${parts.name}`, parts.ct.key, createHash("sha256").update(parts.ct.key.spki).digest())],
    timestampAuthorities: [authority(`https://tsa.${parts.name}`, [parts.tsa.certificate, parts.tsaRoot.certificate])],
  };
}
