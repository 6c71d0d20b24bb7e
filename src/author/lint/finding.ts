import type { Problem } from "../../policy/read/problem.ts";

/** Something about a policy that is well-formed and still deserves a change. */
export interface LintFinding extends Problem {
  /** "error": it cannot do what it says. "warning": it does more, or for shorter, than one would think. "note": good to know. */
  readonly level: "error" | "warning" | "note";
  /** Stable, for instance `unused-signer`. */
  readonly rule: string;
  readonly hint?: string;
}

export function finding(
  level: LintFinding["level"],
  rule: string,
  path: Problem["path"],
  message: string,
  hint?: string,
): LintFinding {
  return { level, rule, path, message, ...(hint === undefined ? {} : { hint }) };
}
