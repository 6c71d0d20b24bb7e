import type { Artifact } from "./artifact.ts";
import type { Code, Denial } from "./codes.ts";
import type { Verdict } from "./verdict.ts";

/** At least one: "denied without a reason" cannot be written. */
type Denials = readonly [Denial, ...Denial[]];

/** On what ground something is let in; the strongest word that is true. */
export type Ground =
  | { readonly kind: "signed"; readonly signers: readonly string[] }
  | { readonly kind: "baseline"; readonly signers: readonly string[] }
  | { readonly kind: "recorded" }
  /** Listed in the policy by its exact address or path, and by its digest. */
  | { readonly kind: "archive"; readonly reason: string; readonly expires: string }
  | { readonly kind: "unsigned"; readonly reason: string; readonly expires: string }
  | { readonly kind: "excepted"; readonly excuses: readonly Code[]; readonly reason: string; readonly expires: string };

/** What one layer says of one artifact. */
export type LayerDecision = {
  /** The policy file, as `Layer.name`. */
  readonly layer: string;
  /** The pattern of the rule that spoke and its place, for instance `rules[2] npm:@acme/*`; null when none matched. */
  readonly rule: string | null;
} & (
  | { readonly outcome: "allowed"; readonly ground: Ground }
  /** Would be denied; the layer's (or rule's) mode is audit and every reason is one that audit softens. */
  | { readonly outcome: "audited"; readonly denials: Denials }
  | { readonly outcome: "denied"; readonly denials: Denials }
);

/** What policy says of one artifact: the conjunction of all layers that speak. */
export interface Decision {
  readonly artifact: Artifact;
  readonly outcome: "allowed" | "audited" | "denied";
  /** The outermost first. Never empty. */
  readonly layers: readonly LayerDecision[];
  /** All denials of all layers; empty exactly when allowed. */
  readonly denials: readonly Denial[];
  readonly verdicts: readonly Verdict[];
  /** Sources that could not be asked. */
  readonly unavailable: readonly Unavailable[];
  /** Whether its install scripts run, once it is let in; absent: as the installer itself has it. */
  readonly scripts?: "run" | "skip";
}

export interface Unavailable {
  readonly location: string;
  /** For instance `503` or `timed out after 30 s`. No secrets. */
  readonly reason: string;
}
