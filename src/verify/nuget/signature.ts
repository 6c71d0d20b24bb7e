import { type X509Certificate, createHash } from "node:crypto";
import type { Attestation } from "../../model/attestation.ts";
import { type Digest, type DigestAlgorithm, compareDigests } from "../../model/digest.ts";
import type { NugetSignature } from "../../model/evidence.ts";
import type { Verdict } from "../../model/verdict.ts";
import { NotDer, children, contentOf, only } from "../certificate/der.ts";
import { Fault, fail } from "../fault.ts";
import { requirePast } from "../times.ts";
import type { Subject } from "../../model/subject.ts";
import {
  type SignedData,
  type SignerInfo,
  notCms,
  oidOf,
  readSignedData,
  readSignerInfo,
  single,
} from "../cms/signed-data.ts";
import { isSigningCertificate, requireSigned } from "../cms/signer-info.ts";
import { wordsOf } from "./authorities.ts";
import { type Stamp, fingerprint, isValidAt, parse, stampOf } from "./timestamp.ts";

const DATA = "2a864886f70d010701";
const CONTENT_TYPE = "2a864886f70d010903";
const COMMITMENT_TYPE = "2a864886f70d0109100210";
const COUNTERSIGNATURE = "2a864886f70d010906";
const CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
/** 1.2.840.113549.1.9.16.6.1 proof of origin, .2 proof of receipt (RFC 5126, 5.11.1). */
const COMMITMENTS = { author: "2a864886f70d0109100601", repository: "2a864886f70d0109100602" } as const;

/**
 * Judges NuGet's own signature of a package (learn.microsoft.com, "Package signatures technical reference"): over exactly
 * this content, by the certificate that the signed attributes name, at a time that a known authority vouches for and at
 * which the certificate was valid. Who the certificate belongs to is left to the policy's fingerprints.
 */
export function verifyNugetSignature(
  evidence: NugetSignature,
  subject: Subject,
  now: Date,
  timestampRoots?: ReadonlySet<string>,
): Verdict | { readonly status: "needs-bytes" } {
  try {
    return judge(evidence, subject, now, timestampRoots);
  } catch (error) {
    const { code, message } = faultOf(error);
    return { status: "broken", evidence, code, detail: message };
  }
}

function faultOf(error: unknown): Fault {
  if (error instanceof NotDer) return new Fault("BUNDLE_MALFORMED", "the signature is not well-formed DER");
  return error instanceof Fault ? error : new Fault("BUNDLE_MALFORMED", "the signature could not be read");
}

function judge(evidence: NugetSignature, subject: Subject, now: Date, roots?: ReadonlySet<string>) {
  const data = readSignedData(evidence.nugetSignature.cms);
  const [primary, ...more] = data.signers;
  if (data.contentType !== DATA || primary === undefined || more.length > 0) return notCms();
  const stated = hashIn(data.content);
  const known = digestsFor(stated, subject);
  if (known === null) return { status: "needs-bytes" } as const;
  if (compareDigests([stated], known) !== "same")
    fail("SUBJECT_MISMATCH", "the signature is over another package content");
  const first = signedBy(primary, data.content, data);
  const meant = signatureMeant(evidence, primary, first, data);
  if (meant === null) return foreign(evidence, `the package has no ${evidence.nugetSignature.kind} signature`);
  const stamp = stampOf(meant.info, roots);
  if (stamp === null) return foreign(evidence, "no timestamp says when the signature was made");
  if (stamp.root === null) return foreign(evidence, "its timestamp is of an authority that is not known");
  if (!isValidAt(meant.certificate, stamp.at))
    return fail("TIME_INVALID", "the certificate was not valid when it signed");
  requirePast(stamp.at, now);
  const attestation = attestationOf(evidence, meant, stamp, stated, data);
  return { status: "verified", evidence, attestation } as const;
}

/** `Version:1`, an empty line, `2.16.840.1.101.3.4.2.1-Hash:BASE64`, an empty line. */
function hashIn(content: Buffer): Digest {
  const [, algorithm = "", hash = ""] =
    /^Version:1\r?\n\r?\n2\.16\.840\.1\.101\.3\.4\.2\.([123])-Hash:([A-Za-z0-9+/]+={0,2})\r?\n\r?\n$/.exec(
      content.toString("latin1"),
    ) ?? [];
  const name = ({ 1: "sha256", 2: "sha384", 3: "sha512" } as const)[algorithm];
  const bytes = Buffer.from(hash, "base64");
  if (name === undefined || bytes.length !== LENGTHS[name])
    return fail("STATEMENT_INVALID", "the signed content is not one that NuGet writes");
  return { algorithm: name, hex: bytes.toString("hex") };
}

const LENGTHS: Readonly<Record<DigestAlgorithm, number>> = { sha256: 32, sha384: 48, sha512: 64 };

function digestsFor({ algorithm }: Digest, { digests, bytes }: Subject): readonly Digest[] | null {
  if (digests.some((one) => one.algorithm === algorithm)) return digests;
  return bytes === null ? null : [{ algorithm, hex: createHash(algorithm).update(bytes).digest("hex") }];
}

interface Made {
  readonly info: SignerInfo;
  readonly certificate: X509Certificate;
}

/** The certificate is the one that the signed attributes name by its hash, and is one for signing code. @throws Fault */
function signedBy(info: SignerInfo, message: Buffer, { certificates }: SignedData): Made {
  const der = certificates.find((one) => isSigningCertificate(info, one));
  const [certificate] = der === undefined ? [] : parse(der);
  if (certificate === undefined)
    return fail("CERTIFICATE_INVALID", "the signer's certificate is not in the signature, or cannot be read");
  requireSigned(info, message, certificate);
  if (certificate.ca || !(certificate.keyUsage ?? []).includes(CODE_SIGNING))
    fail("CERTIFICATE_INVALID", "the signer's certificate is not one for signing code");
  return { info, certificate };
}

/** The primary signature, or the countersignature that a repository put over an author's. */
function signatureMeant(
  { nugetSignature }: NugetSignature,
  primary: SignerInfo,
  first: Made,
  data: SignedData,
): Made | null {
  const type = single(primary.signed, CONTENT_TYPE);
  if (type === null || oidOf(type, only(type, 0, type.length, 0x06)) !== DATA)
    return fail("SIGNATURE_INVALID", "the signature is of another type of content");
  if (commits(primary, nugetSignature.kind)) return first;
  const counter = single(primary.unsigned, COUNTERSIGNATURE);
  if (counter === null || nugetSignature.kind !== "repository" || !commits(primary, "author")) return null;
  const info = readSignerInfo(counter);
  if (!commits(info, "repository")) return null;
  return signedBy(info, primary.signature, data);
}

function commits({ signed }: SignerInfo, kind: keyof typeof COMMITMENTS): boolean {
  const value = single(signed, COMMITMENT_TYPE);
  if (value === null) return false;
  const [oid] = children(value, only(value, 0, value.length, 0x30));
  return oid !== undefined && contentOf(value, oid).toString("hex") === COMMITMENTS[kind];
}

function attestationOf(
  { nugetSignature }: NugetSignature,
  { info, certificate }: Made,
  stamp: Stamp,
  matched: Digest,
  data: SignedData,
): Attestation {
  const spki = certificate.publicKey.export({ format: "der", type: "spki" });
  const attestation: Omit<Attestation, keyof BrandOnly> = {
    signer: {
      kind: "key",
      fingerprint: `sha256:${fingerprint(certificate.raw)}`,
      usage: `nuget:${nugetSignature.kind}`,
      certificate: { subject: inOneLine(certificate.subject), issuer: inOneLine(certificate.issuer) },
      ...(nugetSignature.kind === "author" ? { words: wordsOf(certificate.raw, data.certificates, stamp.at) } : {}),
    },
    roots: [],
    predicateType: null,
    predicate: undefined,
    signedAt: stamp.at,
    leafKey: `sha256:${fingerprint(spki)}`,
    bundleDigest: { algorithm: "sha256", hex: fingerprint(info.signature) },
    matched: [matched],
  };
  return attestation as Attestation;
}

/** Node says one part a line, the country first: as everybody else writes names (RFC 4514). */
function inOneLine(name: string | undefined): string {
  return (name ?? "").split("\n").toReversed().join(", ");
}

type BrandOnly = { readonly [K in keyof Attestation as K extends string ? never : K]: Attestation[K] };

function foreign(evidence: NugetSignature, detail: string): Verdict {
  return { status: "foreign", evidence, detail };
}
