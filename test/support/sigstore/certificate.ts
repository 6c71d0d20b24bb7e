import { createHash, randomBytes } from "node:crypto";
import * as der from "./der.ts";
import { type Curve, type Key, newKey, sha256, signWith } from "./keys.ts";
import { CLAIM_OIDS, type Claims, type ExtensionClaim } from "../../../src/model/claims.ts";

export interface Authority {
  readonly name: Buffer;
  readonly key: Key;
  readonly certificate: Buffer;
}

export interface San {
  readonly type: "uri" | "email" | "dns";
  readonly value: string;
}

export interface Extension {
  readonly oid: string;
  readonly critical?: boolean;
  /** The content of extnValue. */
  readonly value: Buffer;
}

/** What of a Fulcio leaf is to be otherwise than it should be. */
export interface LeafKnobs {
  readonly key?: Key;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** basicConstraints CA:TRUE. */
  readonly ca?: boolean;
  /** null: no extension. Dotted OIDs. */
  readonly extendedKeyUsage?: readonly string[] | null;
  /** First byte of the bit string; null: no extension. 0x80 is digitalSignature. */
  readonly keyUsage?: number | null;
  /** null: no extension. */
  readonly sans?: readonly San[] | null;
  /** Written beside `.8`; the same as it by default. null: none. */
  readonly issuerV1?: string | null;
  /** Only `.1` to `.6`, as Fulcio wrote until 2023. */
  readonly firstGeneration?: boolean;
  readonly extensions?: readonly Extension[];
  /** "unknown": by a log that the root does not hold. "other": for another certificate. */
  readonly sct?: "none" | "unknown" | "other" | "known and unknown";
  /** Instead of the instance's own intermediate. */
  readonly issuer?: Authority;
  /** Bytes after the certificate. */
  readonly trailing?: Buffer;
}

const FULCIO = "1.3.6.1.4.1.57264.1";
const CODE_SIGNING = "1.3.6.1.5.5.7.3.3";

const SHA_256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"), der.null_());

/** AlgorithmIdentifiers of what signs certificates; of PSS with its parameters (RFC 4055 section 3.1). */
const SIGNED_WITH = {
  "P-256": der.sequence(der.oid("1.2.840.10045.4.3.2")),
  "P-384": der.sequence(der.oid("1.2.840.10045.4.3.3")),
  Ed25519: der.sequence(der.oid("1.3.101.112")),
  "RSA-PSS": der.sequence(
    der.oid("1.2.840.113549.1.1.10"),
    der.sequence(
      der.context(0, SHA_256),
      der.context(1, der.sequence(der.oid("1.2.840.113549.1.1.8"), SHA_256)),
      der.context(2, der.integer(32)),
    ),
  ),
  "SHA-1": der.sequence(der.oid("1.2.840.113549.1.1.5"), der.null_()),
} as const;

export function newAuthority(
  commonName: string,
  validity: readonly [Date, Date],
  issuer?: Authority,
  curve: Curve = "P-384",
): Authority {
  const key = newKey(curve);
  const name = distinguishedName("sigstore.test", commonName);
  const extensions: Extension[] = [
    { oid: "2.5.29.15", critical: true, value: der.bits(Buffer.from([0x06]), 1) },
    ...(issuer ? [{ oid: "2.5.29.37", value: der.sequence(der.oid(CODE_SIGNING)) }] : []),
    { oid: "2.5.29.19", critical: true, value: der.sequence(der.boolean(true), ...(issuer ? [der.integer(0)] : [])) },
    ...identifiers(key, issuer?.key ?? key),
  ];
  const certificate = sealed(
    { issuer: issuer?.name ?? name, subject: name, validity, key, extensions },
    issuer?.key ?? key,
  );
  return { name, key, certificate };
}

/** The certificate with which a timestamp authority signs. */
export function newTimestampSigner(
  validity: readonly [Date, Date],
  issuer: Authority,
): Authority & { readonly serial: Buffer } {
  const key = newKey("P-256");
  const name = distinguishedName("sigstore.test", "tsa signing");
  const serial = randomBytes(8);
  serial[0] = 0x11;
  const extensions: Extension[] = [
    { oid: "2.5.29.15", critical: true, value: der.bits(Buffer.from([0x80]), 7) },
    { oid: "2.5.29.37", critical: true, value: der.sequence(der.oid("1.3.6.1.5.5.7.3.8")) },
    ...identifiers(key, issuer.key),
  ];
  return {
    name,
    key,
    serial,
    certificate: sealed({ issuer: issuer.name, subject: name, validity, key, extensions, serial }, issuer.key),
  };
}

export interface CtLog {
  readonly key: Key;
}

/** A Fulcio leaf with an embedded SCT (RFC 6962). */
export function issueLeaf(
  issuer: Authority,
  ct: CtLog,
  identity: { san: San; claims: Claims },
  at: Date,
  knobs: LeafKnobs,
): { key: Key; certificate: Buffer } {
  const key = knobs.key ?? newKey("P-256");
  const validity = [knobs.notBefore ?? at, knobs.notAfter ?? new Date(at.getTime() + 600_000)] as const;
  const tbs = {
    issuer: issuer.name,
    subject: der.sequence(),
    validity,
    key,
    extensions: leafExtensions(key, issuer, identity, knobs),
    serial: randomBytes(16).fill(0x21, 0, 1),
  };
  const logged = knobs.sct === "other" ? { ...tbs, serial: randomBytes(16).fill(0x22, 0, 1) } : tbs;
  const strange = { key: newKey("P-256") };
  const logs = knobs.sct === "unknown" ? [strange] : knobs.sct === "known and unknown" ? [ct, strange] : [ct];
  const sct = signedCertificateTimestamps(logs, issuer, tbsCertificate(logged, issuer.key), at);
  const extensions = knobs.sct === "none" ? tbs.extensions : [...tbs.extensions, sct];
  const certificate = sealed({ ...tbs, extensions }, issuer.key);
  return { key, certificate: Buffer.concat([certificate, knobs.trailing ?? Buffer.alloc(0)]) };
}

function leafExtensions(
  key: Key,
  issuer: Authority,
  identity: { san: San; claims: Claims },
  knobs: LeafKnobs,
): Extension[] {
  const { keyUsage = 0x80, extendedKeyUsage = [CODE_SIGNING] } = knobs;
  return [
    ...(keyUsage === null ? [] : [{ oid: "2.5.29.15", critical: true, value: der.bits(Buffer.from([keyUsage]), 1) }]),
    ...(extendedKeyUsage === null ? [] : [{ oid: "2.5.29.37", value: der.sequence(...extendedKeyUsage.map(der.oid)) }]),
    ...(knobs.ca ? [{ oid: "2.5.29.19", critical: true, value: der.sequence(der.boolean(true)) }] : []),
    ...identifiers(key, issuer.key),
    ...(knobs.sans === null
      ? []
      : [
          { oid: "2.5.29.17", critical: true, value: der.sequence(...(knobs.sans ?? [identity.san]).map(generalName)) },
        ]),
    ...claimExtensions(identity.claims, knobs),
    ...(knobs.extensions ?? []),
  ];
}

function claimExtensions(claims: Claims, knobs: LeafKnobs): Extension[] {
  const issuerV1 = knobs.issuerV1 === undefined ? claims.issuer : knobs.issuerV1;
  const raw = (arc: number, text: string | null | undefined): Extension[] =>
    text === undefined || text === null ? [] : [{ oid: `${FULCIO}.${arc}`, value: Buffer.from(text, "utf8") }];
  const repository = claims.sourceRepositoryURI?.replace(/^https:\/\/github\.com\//, "");
  return [
    ...raw(1, issuerV1),
    ...(claims.buildTrigger === undefined || !isGitHub(claims)
      ? []
      : [
          ...raw(2, claims.buildTrigger),
          ...raw(3, claims.sourceRepositoryDigest),
          ...raw(4, "Release"),
          ...raw(5, repository),
          ...raw(6, claims.sourceRepositoryRef),
        ]),
    ...(knobs.firstGeneration
      ? []
      : (Object.keys(CLAIM_OIDS) as ExtensionClaim[]).flatMap((name) => claim(name, claims[name]))),
  ];
}

const isGitHub = (claims: Claims) => claims.issuer?.startsWith("https://token.actions.githubusercontent.com") === true;

export function claim(name: ExtensionClaim, text: string | undefined): Extension[] {
  return text === undefined ? [] : [{ oid: `${FULCIO}.${CLAIM_OIDS[name]}`, value: der.utf8(text) }];
}

function generalName(san: San): Buffer {
  const tag = { email: 1, dns: 2, uri: 6 }[san.type];
  return der.context(tag, Buffer.from(san.value, "utf8"), false);
}

export const keyIdentifier = (key: Key) => createHash("sha1").update(key.spki).digest();

function identifiers(key: Key, issuer: Key): Extension[] {
  return [
    { oid: "2.5.29.14", value: der.octets(keyIdentifier(key)) },
    { oid: "2.5.29.35", value: der.sequence(der.context(0, keyIdentifier(issuer), false)) },
  ];
}

function signedCertificateTimestamps(logs: readonly CtLog[], issuer: Authority, tbs: Buffer, at: Date): Extension {
  const all = logs.map((ct) => signedCertificateTimestamp(ct, issuer, tbs, at));
  const list = Buffer.concat(all.flatMap((sct) => [uint(2, sct.length), sct]));
  return { oid: "1.3.6.1.4.1.11129.2.4.2", value: der.octets(Buffer.concat([uint(2, list.length), list])) };
}

function signedCertificateTimestamp(ct: CtLog, issuer: Authority, tbs: Buffer, at: Date): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(at.getTime()));
  const entry = Buffer.concat([
    Buffer.from([0, 0]),
    time,
    Buffer.from([0, 1]),
    sha256(issuer.key.spki),
    uint(3, tbs.length),
    tbs,
    uint(2, 0),
  ]);
  const signature = signWith(ct.key, entry);
  return Buffer.concat([
    Buffer.from([0]),
    sha256(ct.key.spki),
    time,
    uint(2, 0),
    Buffer.from([4, 3]),
    uint(2, signature.length),
    signature,
  ]);
}

function uint(bytes: number, value: number): Buffer {
  const out = Buffer.alloc(bytes);
  out.writeUIntBE(value, 0, bytes);
  return out;
}

interface Tbs {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly validity: readonly [Date, Date];
  readonly key: Key;
  readonly extensions: readonly Extension[];
  readonly serial?: Buffer;
}

function sealed(tbs: Tbs, signer: Key): Buffer {
  const body = tbsCertificate(tbs, signer);
  return der.sequence(body, SIGNED_WITH[signer.curve], der.bits(signWith(signer, body)));
}

function tbsCertificate({ issuer, subject, validity, key, extensions, serial }: Tbs, signer: Key): Buffer {
  return der.sequence(
    der.context(0, der.integer(2)),
    der.integer(serial ?? randomBytes(16).fill(0x21, 0, 1)),
    SIGNED_WITH[signer.curve],
    issuer,
    der.sequence(der.utcTime(validity[0]), der.utcTime(validity[1])),
    subject,
    key.spki,
    der.context(3, der.sequence(...extensions.map(extension))),
  );
}

function extension({ oid, critical, value }: Extension): Buffer {
  return der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octets(value));
}

function distinguishedName(organization: string, commonName: string): Buffer {
  const attribute = (type: string, value: string) => der.set(der.sequence(der.oid(type), der.utf8(value)));
  return der.sequence(attribute("2.5.4.10", organization), attribute("2.5.4.3", commonName));
}
