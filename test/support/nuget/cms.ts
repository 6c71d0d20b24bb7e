/** Mints NuGet package signatures (CMS, RFC 5652) by authorities of the test's own; every part can be wrong. */
import * as der from "../sigstore/der.ts";
import { type KeyObject, createHash, generateKeyPairSync, sign } from "node:crypto";

const OID = {
  signedData: "1.2.840.113549.1.7.2",
  data: "1.2.840.113549.1.7.1",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  countersignature: "1.2.840.113549.1.9.6",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
  commitmentType: "1.2.840.113549.1.9.16.2.16",
  timestampToken: "1.2.840.113549.1.9.16.2.14",
  tstInfo: "1.2.840.113549.1.9.16.1.4",
  proofOfOrigin: "1.2.840.113549.1.9.16.6.1",
  proofOfReceipt: "1.2.840.113549.1.9.16.6.2",
  sha256: "2.16.840.1.101.3.4.2.1",
  rsa: "1.2.840.113549.1.1.1",
  sha256WithRsa: "1.2.840.113549.1.1.11",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  timeStamping: "1.3.6.1.5.5.7.3.8",
} as const;

export interface Party {
  readonly certificate: Buffer;
  readonly key: KeyObject;
  /** `sha256:HEX` of the certificate. */
  readonly fingerprint: string;
  /** SHA-256 (hex) of the key. */
  readonly spki: string;
}

let serial = 1;

/** A certificate with its RSA key: signed by itself, or by an issuer. */
export function newParty(
  name: string,
  options: {
    readonly purpose?: "codeSigning" | "timeStamping" | "none";
    readonly from?: Date;
    readonly to?: Date;
    readonly ca?: boolean;
    readonly issuer?: Party & { readonly name: string };
    readonly bits?: number;
  } = {},
): Party & { readonly name: string } {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: options.bits ?? 2048 });
  const spki = publicKey.export({ format: "der", type: "spki" });
  const named = (text: string) => der.sequence(der.set(der.sequence(der.oid("2.5.4.3"), der.utf8(text))));
  const algorithm = der.sequence(der.oid(OID.sha256WithRsa), Buffer.from([5, 0]));
  const purpose = options.purpose ?? "codeSigning";
  const extensions = [
    ...(options.ca
      ? [der.sequence(der.oid("2.5.29.19"), der.boolean(true), der.octets(der.sequence(der.boolean(true))))]
      : []),
    ...(purpose === "none"
      ? []
      : [der.sequence(der.oid("2.5.29.37"), der.boolean(true), der.octets(der.sequence(der.oid(OID[purpose]))))]),
    ...(options.ca || purpose !== "none"
      ? []
      : [der.sequence(der.oid("2.5.29.14"), der.octets(der.octets(Buffer.from("id"))))]),
  ];
  const tbs = der.sequence(
    der.context(0, der.integer(2)),
    der.integer(serial++),
    algorithm,
    named(options.issuer?.name ?? name),
    der.sequence(
      der.utcTime(options.from ?? new Date("2020-01-01")),
      der.utcTime(options.to ?? new Date("2040-01-01")),
    ),
    named(name),
    spki,
    der.context(3, der.sequence(...extensions)),
  );
  const signature = sign("sha256", tbs, options.issuer?.key ?? privateKey);
  const certificate = der.sequence(tbs, algorithm, der.bits(signature));
  return { name, certificate, key: privateKey, fingerprint: `sha256:${hex(certificate)}`, spki: hex(spki) };
}

export interface Signing {
  readonly by: Party;
  readonly kind: "author" | "repository" | "none";
  readonly timestamp?: Timestamping | null;
  /** What is to be otherwise than in a good signature. */
  readonly contentType?: string;
  readonly names?: Buffer | null;
  readonly digestOf?: Buffer;
  readonly signature?: Buffer;
  readonly twice?: boolean;
}

export interface Timestamping {
  readonly by: Party;
  readonly at?: Date;
  readonly chain?: readonly Party[];
  readonly over?: Buffer;
}

/** The text that NuGet signs. */
export function contentFor(unsigned: Buffer): string {
  return `Version:1\n\n${OID.sha256}-Hash:${createHash("sha256").update(unsigned).digest("base64")}\n\n`;
}

/** A package signature over `text`, with a countersignature where asked. */
export function mintSignature(text: string, primary: Signing, counter: Signing | null = null): Buffer {
  const content = Buffer.from(text, "latin1");
  const parties = [primary.by, ...(counter === null ? [] : [counter.by])].map(({ certificate }) => certificate);
  return signedData(
    OID.data,
    content,
    parties,
    signerInfo(content, primary, (signature) =>
      counter === null
        ? []
        : [
            attribute(
              OID.countersignature,
              signerInfo(signature, counter, () => []),
            ),
          ],
    ),
  );
}

function signerInfo(message: Buffer, how: Signing, more: (signature: Buffer) => readonly Buffer[]): Buffer {
  const commitment =
    how.kind === "none"
      ? []
      : [
          attribute(
            OID.commitmentType,
            der.sequence(der.oid(how.kind === "author" ? OID.proofOfOrigin : OID.proofOfReceipt)),
          ),
        ];
  const names = how.names === undefined ? how.by.certificate : how.names;
  const attributes = Buffer.concat([
    attribute(OID.contentType, der.oid(how.contentType ?? OID.data)),
    attribute(OID.messageDigest, der.octets(digest(how.digestOf ?? message))),
    ...(names === null
      ? []
      : [attribute(OID.signingCertificateV2, der.sequence(der.sequence(der.sequence(der.octets(digest(names))))))]),
    ...commitment,
    ...(how.twice ? commitment : []),
  ]);
  const signature = how.signature ?? sign("sha256", der.set(attributes), how.by.key);
  const stamp =
    how.timestamp === null || how.timestamp === undefined
      ? []
      : [attribute(OID.timestampToken, token(signature, how.timestamp))];
  const unsigned = [...stamp, ...more(signature)];
  return der.sequence(
    der.integer(3),
    der.context(0, Buffer.from("key id"), false),
    der.sequence(der.oid(OID.sha256)),
    der.context(0, attributes),
    der.sequence(der.oid(OID.rsa)),
    der.octets(signature),
    ...(unsigned.length === 0 ? [] : [der.context(1, Buffer.concat(unsigned))]),
  );
}

/** RFC 3161. */
function token(
  signature: Buffer,
  { by, at = new Date("2026-01-01T00:00:00Z"), chain = [], over }: Timestamping,
): Buffer {
  const info = der.sequence(
    der.integer(1),
    der.oid("1.2.3.4"),
    der.sequence(der.sequence(der.oid(OID.sha256)), der.octets(digest(over ?? signature))),
    der.integer(serial++),
    der.generalizedTime(at),
  );
  const attributes = Buffer.concat([
    attribute(OID.contentType, der.oid(OID.tstInfo)),
    attribute(OID.messageDigest, der.octets(digest(info))),
  ]);
  const signer = der.sequence(
    der.integer(3),
    der.context(0, Buffer.from("key id"), false),
    der.sequence(der.oid(OID.sha256)),
    der.context(0, attributes),
    der.sequence(der.oid(OID.sha256WithRsa)),
    der.octets(sign("sha256", der.set(attributes), by.key)),
  );
  return signedData(
    OID.tstInfo,
    info,
    [by, ...chain].map(({ certificate }) => certificate),
    signer,
  );
}

function signedData(type: string, content: Buffer, certificates: readonly Buffer[], signer: Buffer): Buffer {
  const data = der.sequence(
    der.integer(3),
    der.set(der.sequence(der.oid(OID.sha256))),
    der.sequence(der.oid(type), der.context(0, der.octets(content))),
    der.context(0, Buffer.concat(certificates)),
    der.set(signer),
  );
  return der.sequence(der.oid(OID.signedData), der.context(0, data));
}

const attribute = (type: string, value: Buffer) => der.sequence(der.oid(type), der.set(value));
const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest();
const hex = (bytes: Buffer) => digest(bytes).toString("hex");
