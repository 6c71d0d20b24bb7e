import type { Attestation } from "./attestation.ts";
import type { Code } from "./codes.ts";
import type { Evidence } from "./evidence.ts";

/** What cryptography says of one piece of evidence. There is one for each. */
export type Verdict =
  | {
      readonly status: "verified";
      readonly evidence: Evidence;
      readonly attestation: Attestation;
      /** Which form of the package it is about, where there are several; see `Artifact.form`. */
      readonly form?: string;
    }
  /** Malformed, forged, or about something else: it contradicts what it came with, and denies whatever the others say. */
  | { readonly status: "broken"; readonly evidence: Evidence; readonly code: Code; readonly detail: string }
  /** Under a root or key that nobody named: proves nothing either way. */
  | { readonly status: "foreign"; readonly evidence: Evidence; readonly detail: string };
