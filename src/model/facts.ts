import type { Artifact } from "./artifact.ts";
import type { Denial } from "./codes.ts";
import type { Unavailable } from "./decision.ts";
import type { Digest } from "./digest.ts";
import type { Source } from "./wanted.ts";
import type { Verdict } from "./verdict.ts";

/** All that is known of one artifact. */
export interface Facts {
  readonly artifact: Artifact;
  /** What the bytes hash to, or what the lock states where they need not be fetched. */
  readonly digests: readonly Digest[];
  /** What the same package hashes to in its other forms (see `Bytes.forms`); nothing where its bytes were not fetched. */
  readonly otherDigests?: readonly Digest[];
  readonly verdicts: readonly Verdict[];
  readonly unavailable: readonly Unavailable[];
  /** Sources that were asked and had nothing. */
  readonly asked?: readonly Source[];
  /** Trust roots that cannot be had, by id: what rests on them is not known. */
  readonly missingRoots?: ReadonlyMap<string, Unavailable>;
  /** Denials from the plugin about the bytes themselves. */
  readonly faults: readonly Denial[];
}
