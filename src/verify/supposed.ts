import type { Attestation, SignedBy } from "../model/attestation.ts";
import type { Digest } from "../model/digest.ts";

interface Supposition {
  readonly signer: SignedBy;
  /** The trust root that it is supposed to hold under; null: none. */
  readonly root: string | null;
  readonly predicateType: string | null;
  readonly signedAt: Date;
  readonly digest: Digest;
}

/**
 * An attestation that nobody made, for a policy to be tried on. It says nothing of any package: only the trials of a policy
 * may ask for one (`test/lint/one-of-each.test.ts`), and nothing that they decide is installed.
 */
export function supposedAttestation({ signer, root, predicateType, signedAt, digest }: Supposition): Attestation {
  const attestation: Omit<Attestation, keyof BrandOnly> = {
    signer,
    roots: root === null ? [] : [root],
    predicateType,
    predicate: predicateType === null ? undefined : {},
    signedAt,
    leafKey: digest.hex,
    bundleDigest: digest,
    matched: [digest],
  };
  return attestation as Attestation;
}

type BrandOnly = { readonly [K in keyof Attestation as K extends string ? never : K]: Attestation[K] };
