import type { Attestation } from "../model/attestation.ts";
import type { Comparison } from "../model/codes.ts";
import type { Layer } from "./layer.ts";

/** What of a layer's signer an attestation does not meet; empty: it is that signer. For `verify --signer NAME` and messages. `version` fills `{version}`. */
export declare function matchSigner(
  layer: Layer,
  signerName: string,
  attestation: Attestation,
  version: string | null,
): readonly Comparison[];
