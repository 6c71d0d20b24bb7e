/** Something that claims to be a Sigstore bundle, with where it was found. Nothing in it is believed yet. */
export type Evidence = EvidenceBundle | MalformedEvidence;

export interface EvidenceBundle {
  /** The kind of place: "registry", "attestations", "url", "directory", "file". */
  readonly source: string;
  /** URL or path, without credentials. With `#n` where an answer holds several. */
  readonly location: string;
  /** Parsed JSON of the bundle (sigstore protobuf-specs `Bundle`). */
  readonly bundle: unknown;
  /** The unsigned predicate type that a wrapper states beside the bundle; contradicting the signed one is a fault. */
  readonly statedPredicateType?: string;
  /** Who an index says published it (PEP 740). Unsigned: words for people, never compared. */
  readonly publisher?: string;
  /** Answered by an earlier run's cache: where it does not suffice, the source is asked again. */
  readonly cached?: boolean;
}

/** An answer that should have held bundles and could not be read as such. */
export interface MalformedEvidence {
  readonly source: string;
  readonly location: string;
  readonly malformed: string;
  readonly cached?: boolean;
}
