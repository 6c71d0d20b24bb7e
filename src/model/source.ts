/** A place where evidence may be found. "own" is the ecosystem's own place and is always asked first. */
export type Source =
  | { readonly kind: "own" }
  /** The registry's own signature in the package's metadata; asked only where a rule has a baseline. */
  | { readonly kind: "registrySignature" }
  /** Another registry's attestations endpoint: base URL. */
  | { readonly kind: "attestations"; readonly url: string }
  /** URL template with `{name}`, `{version}`, `{filename}`, `{id}`, `{sha256}`, `{sha512}`. */
  | { readonly kind: "url"; readonly template: string }
  /** Absolute folder of `sha256-HEX.sigstore.json[l]` and `sha512-HEX.sigstore.json[l]`. */
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "companion"; readonly template: string }
  | { readonly kind: "integrity"; readonly url: string }
  | { readonly kind: "github" }
  | { readonly kind: "beside" };
