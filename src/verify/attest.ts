import { createHash } from "node:crypto";
import type { About } from "./about.ts";
import type { Anchor } from "./trust/anchor.ts";
import type { Attestation, SignedBy as Attester } from "../model/attestation.ts";
import type { Bundle } from "./bundle/bundle.ts";
import { claimsOf } from "./certificate/claims.ts";
import { preAuthEncoding } from "./content.ts";
import type { Digest } from "../model/digest.ts";
import type { HeldKey } from "./trust/held-key.ts";
import type { NamedSigner } from "./certificate/signer.ts";
import { type ClaimedTime, latest } from "./times.ts";
import { type Certificate, type Extension, OID, sequenceIn } from "./certificate/certificate.ts";
import { contentOf, only } from "./certificate/der.ts";
import { fail } from "./fault.ts";

/** Who signed, once the signature is known to hold: the certificate must be one for signing code. @throws Fault */
export function attesterOf(
  signer: NamedSigner,
  anchors: readonly Anchor[],
): { readonly attester: Attester; readonly spki: Buffer } {
  if (signer.kind === "certificate") {
    requireSigningCertificate(signer.certificate);
    return { attester: { kind: "certificate", claims: claimsOf(signer.certificate) }, spki: signer.certificate.spki };
  }
  const held = anchors.flatMap(({ key }) => (key === null ? [] : [key.held]));
  const [first] = held;
  if (first === undefined) throw new Error("a bare key without a held one");
  const { fingerprint, usage, spki } = first;
  return { attester: { kind: "key", fingerprint, usage, held: [...new Set(held.map(({ id }) => id))] }, spki };
}

/**
 * GitHub's own authority attests what an immutable release holds, under the names of the release's files: those are no
 * names of a package, and say nothing against one. Nor does it say who built them: no signer of a pipeline is met by it.
 */
export function isReleaseOfGithub(attester: Attester): boolean {
  return attester.kind === "certificate" && attester.claims.subjectAlternativeName === GITHUB_RELEASES;
}

const GITHUB_RELEASES = "https://dotcom.releases.github.com";

interface Proof {
  readonly bundle: Bundle;
  readonly attester: Attester;
  readonly spki: Buffer;
  readonly anchors: readonly Anchor[];
  readonly times: readonly ClaimedTime[];
  readonly about: About;
  /** Times that vouch for nothing. */
  readonly passedOver: number;
}

/** Here alone are attestations made that count: everything in the proof has been verified. */
export function attestationOf({ bundle, attester, spki, anchors, times, about, passedOver }: Proof): Attestation {
  const attestation: Omit<Attestation, keyof BrandOnly> = {
    signer: attester,
    roots: [...new Set(anchors.flatMap(({ root }) => (root === null ? [] : [root])))],
    ...about,
    signedAt: latest(times),
    ...(passedOver === 0 ? {} : { timesPassedOver: passedOver }),
    leafKey: `sha256:${sha256(spki)}`,
    bundleDigest: { algorithm: "sha256", hex: contentDigest(bundle) },
  };
  return attestation as Attestation;
}

interface RegistryProof {
  readonly key: HeldKey;
  readonly registry: string;
  readonly message: Buffer;
  readonly signature: Buffer;
  readonly digest: Digest;
}

/** The same for a registry's own signature. The time in its metadata is unsigned: nothing vouches for one. */
export function registryAttestationOf({ key, registry, message, signature, digest }: RegistryProof): Attestation {
  const attestation: Omit<Attestation, keyof BrandOnly> = {
    signer: { kind: "key", fingerprint: key.fingerprint, usage: key.usage, registry },
    roots: [],
    predicateType: null,
    predicate: undefined,
    signedAt: null,
    leafKey: `sha256:${sha256(key.spki)}`,
    bundleDigest: { algorithm: "sha256", hex: sha256(message, signature) },
    matched: [digest],
  };
  return attestation as Attestation;
}

type BrandOnly = { readonly [K in keyof Attestation as K extends string ? never : K]: Attestation[K] };

function contentDigest({ content }: Bundle): string {
  return sha256(content.kind === "dsse" ? preAuthEncoding(content) : content.digest, content.signature);
}

function sha256(...parts: readonly Buffer[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** `id-kp-codeSigning`, 1.3.6.1.5.5.7.3.3. */
const CODE_SIGNING = "2b06010505070303";

const UNDERSTOOD: ReadonlySet<string> = new Set([
  OID.keyUsage,
  OID.extendedKeyUsage,
  OID.basicConstraints,
  OID.subjectAltName,
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
]);

/** The certificate is one for signing code and nothing else: what Fulcio issues (sigstore/fulcio docs/certificate-specification.md). @throws Fault */
function requireSigningCertificate(certificate: Certificate): void {
  refuseAuthority(certificate);
  requireCodeSigning(certificate);
  requireDigitalSignature(certificate);
  refuseUnknownCritical(certificate);
}

function refuseAuthority({ extensions }: Certificate): void {
  const constraints = extensions.get(OID.basicConstraints);
  // DER leaves the default FALSE out: whatever is written here says CA, or is not DER.
  if (constraints !== undefined && sequenceIn(constraints).length > 0) refuse("it is one of an authority");
}

function requireCodeSigning({ extensions }: Certificate): void {
  const usage = extensions.get(OID.extendedKeyUsage);
  if (usage === undefined) return refuse("it has no extended key usage");
  const purposes = sequenceIn(usage).map((one) => contentOf(usage.value, one).toString("hex"));
  if (!purposes.includes(CODE_SIGNING)) refuse("its extended key usage is not code signing");
}

function requireDigitalSignature({ extensions }: Certificate): void {
  const usage = extensions.get(OID.keyUsage);
  if (usage === undefined) return refuse("it has no key usage");
  const [, bits = 0] = contentOf(usage.value, bitString(usage));
  if ((bits & 0x80) === 0) refuse("its key usage is not digital signature");
  if ((bits & 0x04) !== 0) refuse("its key usage is to sign certificates");
}

function bitString({ value }: Extension) {
  return only(value, 0, value.length, 0x03);
}

function refuseUnknownCritical({ extensions }: Certificate): void {
  for (const [oid, { critical }] of extensions) {
    if (critical && !UNDERSTOOD.has(oid) && !OID.isFulcio(oid)) refuse("it has a critical extension that is not known");
  }
}

function refuse(why: string): void {
  fail("CERTIFICATE_INVALID", `the certificate is not one for signing code: ${why}`);
}
