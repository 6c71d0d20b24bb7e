import { createHash } from "node:crypto";
import type { About } from "./about.ts";
import type { Anchor } from "./anchor.ts";
import type { Attestation, Signer as Attester } from "../model/attestation.ts";
import type { Bundle } from "./bundle.ts";
import { claimsOf } from "./claims.ts";
import { preAuthEncoding } from "./content.ts";
import type { Digest } from "../model/digest.ts";
import type { HeldKey } from "./held-key.ts";
import { requireSigningCertificate } from "./profile.ts";
import type { Signer } from "./signer.ts";
import { type ClaimedTime, latest } from "./times.ts";

/** Who signed, once the signature is known to hold: the certificate must be one for signing code. @throws Fault */
export function attesterOf(
  signer: Signer,
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

export interface Proof {
  readonly bundle: Bundle;
  readonly attester: Attester;
  readonly spki: Buffer;
  readonly anchors: readonly Anchor[];
  readonly times: readonly ClaimedTime[];
  readonly about: About;
}

/** Here alone are attestations made: everything in the proof has been verified. */
export function attestationOf({ bundle, attester, spki, anchors, times, about }: Proof): Attestation {
  const attestation: Omit<Attestation, keyof BrandOnly> = {
    signer: attester,
    roots: [...new Set(anchors.flatMap(({ root }) => (root === null ? [] : [root])))],
    ...about,
    signedAt: latest(times),
    leafKey: `sha256:${sha256(spki)}`,
    bundleDigest: { algorithm: "sha256", hex: contentDigest(bundle) },
  };
  return attestation as Attestation;
}

export interface RegistryProof {
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
