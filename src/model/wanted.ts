/** A place where evidence may be found. "own" is the ecosystem's own place and is always asked first. */
export type Source =
  /** `signature`: a signer of the rule is the ecosystem's own signature (NuGet: the author's, inside the package). */
  | { readonly kind: "own"; readonly signature?: boolean }
  /** The registry's own signature (npm: in the metadata; NuGet: in the package); asked only where a rule has a baseline. */
  | { readonly kind: "registrySignature" }
  /** Another registry's attestations endpoint: base URL. */
  | { readonly kind: "attestations"; readonly url: string }
  /** URL template with `{name}`, `{version}`, `{filename}`, `{id}`, `{sha256}`, `{sha512}`. */
  | { readonly kind: "url"; readonly template: string }
  /** Absolute folder of `sha256-HEX.sigstore.json[l]` and `sha512-HEX.sigstore.json[l]`. */
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "companion"; readonly template: string }
  | { readonly kind: "integrity"; readonly url: string }
  /** GitHub's attestation store; asked for the `owner/name` of the signers that the rule names. */
  | { readonly kind: "github"; readonly repositories?: readonly string[] }
  /** `notary`: a signer of the rule is one of the Notary Project, whose signatures have names of their own. */
  | { readonly kind: "beside"; readonly notary?: boolean };

/** What the policies ask to be collected for one artifact. All that a plugin sees of a policy. */
export interface Wanted {
  /** Some layer's rule asks for statements of who made it: asked in the package's own place, then in `sources`. */
  readonly evidence: boolean;
  /** Some layer's rule rests on a baseline: the registry's own signature is asked for then, and only then. */
  readonly baseline: boolean;
  /** A signer that a rule names is the ecosystem's own signature. */
  readonly signature: boolean;
  /** Of all layers in order, without "own" and without repetitions. */
  readonly sources: readonly Source[];
}
