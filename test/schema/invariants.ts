import type { Invariant } from "./invariants/invariant.ts";
import { JUDGEMENT } from "./invariants/judgement.ts";
import { OUTCOMES } from "./invariants/outcomes.ts";

/** The promises of the design in its order, each with the tests that try to break it. docs/invariants.md is made of this. */
export const INVARIANTS: readonly Invariant[] = [...OUTCOMES, ...JUDGEMENT];
