import type { Artifact } from "../model/artifact.ts";
import type { Source } from "../model/source.ts";
import type { Layer } from "./layer.ts";

/** What judging one artifact needs. */
export interface Wanted {
  /** Some layer's rule asks for signatures. */
  readonly evidence: boolean;
  /** Of all layers in order, without "own" (which is asked first) and without repetitions. */
  readonly sources: readonly Source[];
}

export declare function wanted(layers: readonly Layer[], artifact: Artifact, now: Date): Wanted;
