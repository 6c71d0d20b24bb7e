import type { NotaryScheme } from "../../model/notary.ts";

/** A signature of the Notary Project (specifications, signature-specification.md). Read, not believed. */
export interface NotaryEnvelope {
  readonly algorithm: string;
  readonly headers: Headers;
  readonly payload: Buffer;
  /** DER, the leaf first. */
  readonly chain: readonly Buffer[];
  /** An RFC 3161 token over the signature; unsigned. */
  readonly timestamp: Buffer | null;
  /** What the signature is over. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** What is signed beside the payload. */
export interface Headers {
  readonly scheme: NotaryScheme;
  /** In the scheme `notary.x509` the signer's own word, which proves nothing; else the authority's. */
  readonly signingTime: Date;
  readonly expiry: Date | null;
}

export type EnvelopeFormat = "jws" | "cose";
