import type { Claims } from "./claims.ts";
import type { Digest } from "./digest.ts";
import type { NameAttribute, NotarySigner } from "./notary.ts";

declare const verified: unique symbol;

/** Who signed, as far as cryptography knows. */
export type SignedBy =
  | { readonly kind: "certificate"; readonly claims: Claims }
  | {
      readonly kind: "key";
      /** `sha256:HEX` over the SPKI DER; for NuGet's own signatures and the Notary Project's over the certificate. */
      readonly fingerprint: string;
      /**
       * What the key is held for: "npm:attestations", "npm:signatures", or "policy" for a key that a policy names;
       * "nuget:author" and "nuget:repository" for NuGet's own signatures; "notary" for those of the Notary Project.
       */
      readonly usage: string;
      /** Ids of the held keys (one key may be held under several thresholds and roots) that it holds under. */
      readonly held?: readonly string[];
      /** "npm:signatures" only: the registry whose metadata carried the signature, as asked. */
      readonly registry?: string;
      /** The certificate's own words. Of NuGet's own signatures: which authority stands behind them is not looked at. */
      readonly certificate?: { readonly subject: string; readonly issuer: string };
      /** "nuget:author" only: what its certificate says, and who issued it. */
      readonly words?: CertificateWords;
      /** "notary" only. */
      readonly notary?: NotarySigner;
    };

/** A signing certificate's own words; that an authority issued it is proven, that anybody trusts the authority is not. */
export interface CertificateWords {
  readonly subject: readonly NameAttribute[];
  /** Certificate policies and purposes, OIDs in dots. */
  readonly policies: readonly string[];
  /** Who issued it first. */
  readonly authorities: readonly {
    /** `sha256:HEX` over the DER. */
    readonly fingerprint: string;
    /** `sha256:HEX` over the SPKI. */
    readonly key: string;
    readonly subject: readonly NameAttribute[];
    readonly name: string;
  }[];
}

/** What the keys that a policy names are held for. */
export const POLICY_KEYS = "policy";

/** What npm's registry signs metadata with: it says what was published, never who built it. */
export const REGISTRY_SIGNATURES = "npm:signatures";

/** NuGet's counterpart, inside the package. */
export const REPOSITORY_SIGNATURES = "nuget:repository";

/** The Notary Project's envelopes. */
export const NOTARY_SIGNATURES = "notary";

/** Whoever made a package signs it so before it is published. */
export const AUTHOR_SIGNATURES = "nuget:author";

/**
 * A bundle (or a registry's own signature) whose signature, certificate, log entries, times and subject all hold.
 * Branded: only `verify/` makes one, so that unverified claims cannot reach `policy/`.
 */
export interface Attestation {
  readonly [verified]: true;
  readonly signer: SignedBy;
  /** Ids of the trust roots under which it verified; see `TrustRoot.id`. Empty for a bare key without a log. */
  readonly roots: readonly string[];
  /** From the signed statement; null for a signature over the artifact's own bytes. */
  readonly predicateType: string | null;
  /** The statement's predicate; undefined for a message signature. */
  readonly predicate: unknown;
  /** The latest signed log or timestamp time; null where nothing vouches for a time. */
  readonly signedAt: Date | null;
  /** How many timestamps are of authorities that no root in use holds: passed over, beside logs that suffice. */
  readonly timesPassedOver?: number;
  /** `sha256:HEX` over the SPKI DER of the leaf key: distinct signatures are told apart by it. */
  readonly leafKey: string;
  /** sha256 over the DSSE envelope or message signature content: distinct bundles are told apart by it. */
  readonly bundleDigest: Digest;
  /** What it is about, as far as digests agree with the artifact. Never empty. */
  readonly matched: readonly Digest[];
}
