import type { Digest } from "./digest.ts";

/** What evidence has to be about: one artifact in one of its forms. */
export interface Subject {
  /** Names under which a statement may speak of it; empty: the digest alone counts. */
  readonly names: readonly string[];
  /** Whether a stated name is this artifact's, where names are not compared letter by letter; null: it is a name of nothing, and counts for neither. */
  isName?(stated: string): boolean | null;
  readonly digests: readonly Digest[];
  /** null: not fetched yet. */
  readonly bytes: Buffer | null;
}
