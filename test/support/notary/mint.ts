/** Mints what the Notary Project's rules are about: certificates, envelopes of both formats, timestamps; every part can be wrong. */
import * as der from "../sigstore/der.ts";
import { encode, Tagged } from "cborg";
import { constants, createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export interface Party {
  readonly name: string;
  readonly certificate: Buffer;
  readonly key: KeyObject;
}

interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

export interface Issuing {
  readonly issuer?: Party;
  /** In place of those of its kind; by a name of `EXTENSIONS`, null leaves one out. */
  readonly extensions?: Readonly<Record<string, Extension | null>>;
  readonly from?: Date;
  readonly to?: Date;
  readonly key?: KeyPair;
  /** The subject; `name` as CN where absent. */
  readonly subject?: Buffer;
  readonly serial?: number;
  /** Signs with SHA-1, as nobody should. */
  readonly sha1?: boolean;
}

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export const CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
export const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";

export const newKey = (curve = "prime256v1"): KeyPair => generateKeyPairSync("ec", { namedCurve: curve });

export const extension = (oid: string, critical: boolean, value: Buffer): Extension => ({ oid, critical, value });

/** Bits of KeyUsage, the first one (digitalSignature) the highest of the first byte. */
export const keyUsage = (bits: number, critical = true) =>
  extension("2.5.29.15", critical, der.tlv(0x03, Buffer.from([0, bits])));
export const basicConstraints = (ca: boolean, path: number | null = null, critical = true) =>
  extension(
    "2.5.29.19",
    critical,
    der.sequence(...(ca ? [der.boolean(true)] : []), ...(path === null ? [] : [der.integer(path)])),
  );
export const purposes = (oids: readonly string[], critical = false) =>
  extension("2.5.29.37", critical, der.sequence(...oids.map(der.oid)));

export const OIDS: Readonly<Record<string, string>> = {
  CN: "2.5.4.3",
  C: "2.5.4.6",
  ST: "2.5.4.8",
  O: "2.5.4.10",
  OU: "2.5.4.11",
};

/** A name of attributes, one an RDN. */
export const nameOf = (...attributes: readonly (readonly [string, string | Buffer])[]) =>
  der.sequence(
    ...attributes.map(([type, value]) =>
      der.set(der.sequence(der.oid(OIDS[type] ?? type), typeof value === "string" ? der.utf8(value) : value)),
    ),
  );

let serial = 1000;

export function newAuthority(name: string, how: Issuing = {}): Party {
  const own = { constraints: basicConstraints(true), usage: keyUsage(0x06) };
  return issue(name, { ...how, extensions: { ...own, ...how.extensions } });
}

export function newLeaf(name: string, how: Issuing = {}): Party {
  const own = { usage: keyUsage(0x80), purposes: purposes([CODE_SIGNING]) };
  return issue(name, { ...how, extensions: { ...own, ...how.extensions } });
}

export function newUnit(name: string, how: Issuing = {}): Party {
  const own = { usage: keyUsage(0x80), purposes: purposes([TIME_STAMPING], true) };
  return issue(name, { ...how, extensions: { ...own, ...how.extensions } });
}

function issue(name: string, how: Issuing): Party {
  const { privateKey, publicKey } = how.key ?? newKey();
  const subject = how.subject ?? nameOf(["C", "US"], ["O", "Contoso"], ["CN", name]);
  const signer = how.issuer ?? { name, certificate: Buffer.alloc(0), key: privateKey };
  const algorithm = how.sha1 === true ? der.sequence(der.oid("1.2.840.10045.4.1")) : identifierOf(signer.key);
  const list = Object.values(how.extensions ?? {}).filter((one) => one !== null);
  const tbs = der.sequence(
    der.context(0, der.integer(2)),
    der.integer(how.serial ?? serial++),
    algorithm,
    how.issuer === undefined ? subject : subjectOf(how.issuer.certificate),
    der.sequence(timeOf(how.from ?? new Date("2026-01-01")), timeOf(how.to ?? new Date("2036-01-01"))),
    subject,
    publicKey.export({ format: "der", type: "spki" }),
    der.context(
      3,
      der.sequence(
        ...list.map((one) =>
          der.sequence(der.oid(one.oid), ...(one.critical ? [der.boolean(true)] : []), der.octets(one.value)),
        ),
      ),
    ),
  );
  const signature = how.sha1 === true ? sign("sha1", tbs, signer.key) : signedBy(signer.key, tbs);
  return { name, certificate: der.sequence(tbs, algorithm, der.bits(signature)), key: privateKey };
}

/** ECDSA, or RSASSA-PSS, with SHA-256. */
function identifierOf({ asymmetricKeyType }: KeyObject): Buffer {
  if (asymmetricKeyType !== "rsa") return der.sequence(der.oid("1.2.840.10045.4.3.2"));
  const sha256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"));
  const mask = der.sequence(der.oid("1.2.840.113549.1.1.8"), sha256);
  const parameters = der.sequence(der.context(0, sha256), der.context(1, mask), der.context(2, der.integer(32)));
  return der.sequence(der.oid("1.2.840.113549.1.1.10"), parameters);
}

function signedBy(key: KeyObject, bytes: Buffer): Buffer {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return sign("sha256", bytes, key.asymmetricKeyType === "rsa" ? { key, padding, saltLength: 32 } : key);
}

const timeOf = (at: Date) => der.utcTime(at);

/** The subject's DER within a certificate that was minted here. */
function subjectOf(certificate: Buffer): Buffer {
  const tbs = inner(inner(certificate));
  let rest = tbs;
  for (let at = 0; at < 5; at++) rest = rest.subarray(sizeOf(rest));
  return rest.subarray(0, sizeOf(rest));
}

function sizeOf(encoded: Buffer): number {
  const first = encoded[1]!;
  return first < 0x80 ? 2 + first : 2 + (first & 0x7f) + encoded.readUIntBE(2, first & 0x7f);
}

function inner(encoded: Buffer): Buffer {
  const first = encoded[1]!;
  return encoded.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f), sizeOf(encoded));
}

const N = "io.cncf.notary";
export const SIGNED_AT = new Date("2026-06-01T00:00:00Z");

/** What is signed in an envelope. */
export interface Signing {
  readonly by: Party;
  /** Above the leaf, the root last. */
  readonly above: readonly Party[];
  readonly content: Buffer;
  /** In place of, or beside, what a good envelope has; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly target?: Readonly<Record<string, unknown>>;
  readonly payload?: Buffer;
  readonly timestamp?: Buffer | ((signature: Buffer) => Buffer);
  readonly open?: Readonly<Record<string, unknown>>;
}

/** COSE's algorithm by JOSE's name. */
const COSE_ALGORITHMS: Readonly<Record<string, number>> = { ES256: -7, ES384: -35, ES512: -36, PS256: -37 };

export function payloadOf({ content, target = {}, payload }: Signing, hash = "sha256"): Buffer {
  const digest = `${hash}:${createHash(hash).update(content).digest("hex")}`;
  const own = { mediaType: "application/octet-stream", digest, size: content.length };
  return payload ?? Buffer.from(JSON.stringify({ targetArtifact: { ...own, ...target } }));
}

export function jwsOf(signing: Signing): Buffer {
  const { by, above, headers = {}, open = {} } = signing;
  const alg = algorithmOf(by.key);
  const stated = {
    alg,
    cty: "application/vnd.cncf.notary.payload.v1+json",
    crit: [`${N}.signingScheme`],
    [`${N}.signingScheme`]: "notary.x509",
    [`${N}.signingTime`]: SIGNED_AT.toISOString().replace(".000", ""),
    ...headers,
  };
  const guarded = Buffer.from(JSON.stringify(stated)).toString("base64url");
  const payload = payloadOf(signing, hashOf(alg)).toString("base64url");
  const signature = signed(alg, Buffer.from(`${guarded}.${payload}`), by.key);
  const stamp = stampOf(signing, signature);
  const header = {
    x5c: [by, ...above].map((one) => one.certificate.toString("base64")),
    ...(stamp === null ? {} : { [`${N}.timestampSignature`]: stamp.toString("base64") }),
    ...open,
  };
  return Buffer.from(
    JSON.stringify({ payload, protected: guarded, header, signature: signature.toString("base64url") }),
  );
}

export function coseOf(signing: Signing): Buffer {
  const { by, above, headers = {}, open = {} } = signing;
  const alg = algorithmOf(by.key);
  const stated: Record<string, unknown> = {
    alg: COSE_ALGORITHMS[alg],
    crit: [`${N}.signingScheme`],
    cty: "application/vnd.cncf.notary.payload.v1+json",
    [`${N}.signingScheme`]: "notary.x509",
    [`${N}.signingTime`]: new Tagged(1, SIGNED_AT.getTime() / 1000),
    ...headers,
  };
  const labels: Readonly<Record<string, number>> = { alg: 1, crit: 2, cty: 3 };
  const guarded = encode(
    new Map(
      Object.entries(stated)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [labels[name] ?? name, value]),
    ),
  );
  const payload = payloadOf(signing, hashOf(alg));
  const signature = signed(alg, Buffer.from(encode(["Signature1", guarded, new Uint8Array(), payload])), by.key);
  const stamp = stampOf(signing, signature);
  const unprotected = new Map<unknown, unknown>([
    [33, [by, ...above].map((one) => one.certificate)],
    ...(stamp === null ? [] : ([[`${N}.timestampSignature`, stamp]] as const)),
    ...Object.entries(open),
  ]);
  return Buffer.from(encode(new Tagged(18, [guarded, unprotected, payload, signature])));
}

const stampOf = ({ timestamp }: Signing, signature: Buffer) =>
  typeof timestamp === "function" ? timestamp(signature) : (timestamp ?? null);

function algorithmOf({ asymmetricKeyDetails: details = {} }: KeyObject): string {
  const curves: Readonly<Record<string, string>> = { prime256v1: "ES256", secp384r1: "ES384", secp521r1: "ES512" };
  return curves[details.namedCurve ?? ""] ?? "PS256";
}

const hashOf = (alg: string) => `sha${alg.slice(2)}`;

function signed(alg: string, bytes: Buffer, key: KeyObject): Buffer {
  return alg.startsWith("ES")
    ? sign(hashOf(alg), bytes, { key, dsaEncoding: "ieee-p1363" })
    : sign(hashOf(alg), bytes, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
}

/** What a token says, and who signs it. */
export interface Stamping {
  readonly by: Party;
  readonly chain?: readonly Party[];
  readonly at?: Date;
  /** Seconds. */
  readonly accuracy?: number;
  readonly version?: number;
  /** In place of the unit's certificate. */
  readonly names?: Buffer | null;
  readonly over?: Buffer;
  readonly type?: string;
  /** What the signed attributes say of the type. */
  readonly signedType?: string;
  readonly signature?: Buffer;
  readonly twice?: boolean;
}

/** An RFC 3161 token over a signature. */
export function tokenOf(signature: Buffer, how: Stamping): Buffer {
  const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest();
  const attribute = (type: string, value: Buffer) => der.sequence(der.oid(type), der.set(value));
  const { by, chain = [], names = by.certificate } = how;
  const SHA256 = "2.16.840.1.101.3.4.2.1";
  const info = der.sequence(
    der.integer(how.version ?? 1),
    der.oid("1.2.3.4"),
    der.sequence(der.sequence(der.oid(SHA256)), der.octets(sha256(how.over ?? signature))),
    der.integer(serial++),
    der.generalizedTime(how.at ?? SIGNED_AT),
    ...(how.accuracy === undefined ? [] : [der.sequence(der.integer(how.accuracy))]),
  );
  const type = how.type ?? "1.2.840.113549.1.9.16.1.4";
  const attributes = Buffer.concat([
    attribute("1.2.840.113549.1.9.3", der.oid(how.signedType ?? type)),
    attribute("1.2.840.113549.1.9.4", der.octets(sha256(info))),
    ...(names === null
      ? []
      : [attribute("1.2.840.113549.1.9.16.2.47", der.sequence(der.sequence(der.sequence(der.octets(sha256(names))))))]),
  ]);
  const signer = der.sequence(
    der.integer(3),
    der.context(0, Buffer.from("key id"), false),
    der.sequence(der.oid(SHA256)),
    der.context(0, attributes),
    der.sequence(der.oid("1.2.840.10045.4.3.2")),
    der.octets(how.signature ?? sign("sha256", der.set(attributes), by.key)),
  );
  const data = der.sequence(
    der.integer(3),
    der.set(der.sequence(der.oid(SHA256))),
    der.sequence(der.oid(type), der.context(0, der.octets(info))),
    der.context(0, Buffer.concat([by, ...chain].map(({ certificate }) => certificate))),
    der.set(signer, ...(how.twice === true ? [signer] : [])),
  );
  return der.sequence(der.oid("1.2.840.113549.1.7.2"), der.context(0, data));
}

/** A list of revoked serial numbers (RFC 5280 section 5). */
export function crlOf(
  issuer: Party,
  how: {
    readonly revoked?: readonly number[];
    readonly from?: Date;
    readonly to?: Date;
    readonly key?: KeyObject;
    readonly extensions?: readonly Extension[];
  } = {},
): Buffer {
  const key = how.key ?? issuer.key;
  const algorithm = identifierOf(key);
  const entries = (how.revoked ?? []).map((one) => der.sequence(der.integer(one), timeOf(SIGNED_AT)));
  const list = (how.extensions ?? []).map((one) =>
    der.sequence(der.oid(one.oid), ...(one.critical ? [der.boolean(true)] : []), der.octets(one.value)),
  );
  const tbs = der.sequence(
    der.integer(1),
    algorithm,
    subjectOf(issuer.certificate),
    timeOf(how.from ?? new Date("2026-01-01")),
    timeOf(how.to ?? new Date("2036-01-01")),
    ...(entries.length === 0 ? [] : [der.sequence(...entries)]),
    ...(list.length === 0 ? [] : [der.context(0, der.sequence(...list))]),
  );
  return der.sequence(tbs, algorithm, der.bits(signedBy(key, tbs)));
}

/** CRLDistributionPoints with this one address. */
export const crlPoint = (url: string) =>
  extension(
    "2.5.29.31",
    false,
    der.sequence(der.sequence(der.context(0, der.context(0, der.context(6, Buffer.from(url), false))))),
  );

export const pemOf = (...parties: readonly Party[]) =>
  parties
    .map(
      ({ certificate }) =>
        `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64").replaceAll(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
    )
    .join("");
