/** The digests that may bind bytes. SHA-1 and MD5 are not among them. */
export type DigestAlgorithm = "sha256" | "sha384" | "sha512";

const DIGEST_HEX_LENGTH = { sha256: 64, sha384: 96, sha512: 128 } as const satisfies Record<DigestAlgorithm, number>;

/** `hex` is lower case and has the algorithm's full length. */
export interface Digest {
  readonly algorithm: DigestAlgorithm;
  readonly hex: string;
}

/** Makes a Digest of an in-toto digest-set member or of `sha256:HEX`; null where it is not one (RFC 6920 names, wrong length). */
export function digestOf(algorithm: string, hex: string): Digest | null {
  const length = (DIGEST_HEX_LENGTH as Record<string, number | undefined>)[algorithm];
  const value = hex.toLowerCase();
  if (length === undefined || value.length !== length || !/^[0-9a-f]+$/.test(value)) return null;
  return { algorithm: algorithm as DigestAlgorithm, hex: value };
}

/** Reads `sha512:HEX` (policy and command line spelling). */
export function parseDigest(text: string): Digest | null {
  const colon = text.indexOf(":");
  return colon < 0 ? null : digestOf(text.slice(0, colon), text.slice(colon + 1));
}

export function formatDigest(digest: Digest): string {
  return `${digest.algorithm}:${digest.hex}`;
}

/** "same", "different", or "unknown" where the two sets share no algorithm. One difference outweighs any agreement. */
export function compareDigests(left: readonly Digest[], right: readonly Digest[]): "same" | "different" | "unknown" {
  let outcome: "same" | "unknown" = "unknown";
  for (const one of left) {
    for (const other of right) {
      if (one.algorithm !== other.algorithm) continue;
      if (one.hex !== other.hex) return "different";
      outcome = "same";
    }
  }
  return outcome;
}
