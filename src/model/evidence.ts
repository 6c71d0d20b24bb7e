/** Something that claims to be a Sigstore bundle, with where it was found. Nothing in it is believed yet. */
export type Evidence = EvidenceBundle | MalformedEvidence | NugetSignature;

/** NuGet's own signature of a package, as it lies in the package; not a bundle. */
export interface NugetSignature {
  readonly source: string;
  readonly location: string;
  readonly nugetSignature: {
    /** Which of the signatures in it is meant: the author's, or the one that a repository added. */
    readonly kind: "author" | "repository";
    /** CMS SignedData (RFC 5652), DER. */
    readonly cms: Buffer;
  };
  readonly cached?: boolean;
}

export interface EvidenceBundle {
  /** The kind of place: "registry", "attestations", "url", "directory", "file". */
  readonly source: string;
  /** URL or path, without credentials. With `#n` where an answer holds several. */
  readonly location: string;
  /** Parsed JSON of the bundle (sigstore protobuf-specs `Bundle`). */
  readonly bundle: unknown;
  /** The unsigned predicate type that a wrapper states beside the bundle; contradicting the signed one is a fault. */
  readonly statedPredicateType?: string;
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
