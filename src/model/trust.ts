/** A trusted root with the thresholds that belong to it (never to a run). */
export interface TrustRoot {
  /** "public-good" for the built-in one; otherwise a digest of content and thresholds, so that equal names of two layers never mix. */
  readonly id: string;
  /** For messages: the policy's name for it. */
  readonly name: string;
  /** Parsed `trusted_root.json` (sigstore protobuf-specs `TrustedRoot`). */
  readonly json: unknown;
  readonly thresholds: Thresholds;
}

/** How many distinct logs, SCTs and times must vouch. */
export interface Thresholds {
  readonly tlog: number;
  readonly sct: number;
  readonly timestamps: number;
}

export const PUBLIC_GOOD = "public-good";
