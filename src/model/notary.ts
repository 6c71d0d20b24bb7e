/** What the Notary Project's rules leave to whoever trusts (specifications, trust-store-trust-policy.md). */

/** Levels that prove something. `skip` proves nothing, and cannot be written. */
export type NotaryLevel = "strict" | "permissive" | "audit";

/** When a timestamp is needed, where there is an authority for one. */
export type NotaryTimestamps = "always" | "afterCertExpiry";

export type NotaryScheme = "notary.x509" | "notary.x509.signingAuthority";

/** What a certificate's authority is asked: whether it has taken it back. */
export interface RevocationQuestion {
  /** What is asked by GET; what was answered is known by it. */
  readonly url: string;
  readonly accept: string;
}

/** By address; a text says why there is no answer. */
export type RevocationAnswers = ReadonlyMap<string, Buffer | string>;

/** One attribute of a name: its short name (RFC 4514) or its OID in dots, and its text; null: not one that can be read. */
export interface NameAttribute {
  readonly type: string;
  readonly value: string | null;
}

/** Who signed a Notary envelope, and under which of the trusts it holds. */
export interface NotarySigner {
  readonly scheme: NotaryScheme;
  readonly mediaType: string;
  readonly subject: readonly NameAttribute[];
  readonly heldBy: readonly NotaryHeld[];
  /** The trusts that hold a certificate of its chain, those among them under which it does not hold. */
  readonly anchoredBy: readonly string[];
}

export interface NotaryHeld {
  /** See `NotaryTrust`. */
  readonly trust: string;
  /** `sha256:HEX` of the certificate of the trust store that the chain has. */
  readonly anchor: string;
  /** `sha256:HEX` over the keys (SPKI) of the authorities from the leaf's issuer to that certificate. */
  readonly authorities: readonly string[];
  /** What an authority says under this trust; null: nobody says when. */
  readonly signedAt: Date | null;
  /** What the level passes over, in words. */
  readonly passedOver: readonly string[];
}
