/** Something that claims to be a Sigstore bundle, another signature or a registry's, with where it was found. Nothing in it is believed yet. */
export type Evidence = EvidenceBundle | RegistrySignatureEvidence | NugetSignature | NotaryEvidence | MalformedEvidence;

/** An envelope of the Notary Project over the bytes of a file; not a bundle. */
export interface NotaryEvidence {
  readonly source: string;
  readonly location: string;
  readonly notary: {
    readonly format: "jws" | "cose";
    readonly envelope: Buffer;
  };
  readonly cached?: boolean;
}

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
  /** Who an index says published it (PEP 740). Unsigned: words for people, never compared. */
  readonly publisher?: string;
  /** Answered by an earlier run's cache: where it does not suffice, the source is asked again. */
  readonly cached?: boolean;
}

/** What a registry's metadata say of one version, with the registry's own signatures over it. */
export interface RegistrySignatureEvidence {
  readonly source: string;
  readonly location: string;
  /** The registry that was asked, without credentials: base URL with a slash at the end. */
  readonly registry: string;
  readonly registrySignature: RegistrySignature;
  readonly cached?: boolean;
}

export interface RegistrySignature {
  readonly name: string;
  readonly version: string;
  /** `dist.integrity` as it stands there. */
  readonly integrity: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
  /** `time` of the version, as it stands there; null where the metadata have none. */
  readonly published: string | null;
}

/** An answer that should have held bundles and could not be read as such. */
interface MalformedEvidence {
  readonly source: string;
  readonly location: string;
  readonly malformed: string;
  readonly cached?: boolean;
}
