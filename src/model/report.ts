import type { NotGated } from "./artifact.ts";
import type { Denial } from "./codes.ts";
import type { Decision } from "./decision.ts";
import type { PackageRef } from "./package.ts";

/** Everything that one run found out. Reporters print it; `report/json.ts` publishes its shape. */
export interface Report {
  /** As typed: `npm ci`, `check`. */
  readonly command: string;
  readonly projects: readonly ProjectReport[];
  /** audited: let through by audit mode only; nothing is called verified then. */
  readonly outcome: Outcome;
  /** The exit code of the judgement: 0, 65, 66 or 69. */
  readonly exit: number;
}

export type Outcome = "allowed" | "audited" | "denied";

/** One lockfile. */
export interface ProjectReport {
  /** Relative to where the command was typed; `.` for that folder itself. */
  readonly project: string;
  readonly lockfile: string | null;
  /** Absolute: the repository root, which file names in reports for machines are relative to. Never printed itself. */
  readonly root: string;
  /** Absolute folders that stand for `root` where the lockfile or the policies were read from a revision or the index. */
  readonly readFrom?: { readonly lockfile: string; readonly policies: string };
  /** The layers, the outermost first. */
  readonly policies: readonly { readonly name: string; readonly digest: string; readonly mode: "enforce" | "audit" }[];
  readonly decisions: readonly Decision[];
  readonly unbound: readonly UnboundReport[];
  readonly notGated: readonly NotGated[];
  /** Every exception of the policies, used or not. */
  readonly exceptions: readonly ExceptionFigure[];
  /** What the policies, or the roots and keys that they stand on, give an end to; the soonest first. */
  readonly endings: readonly EndingFigure[];
  /** Words for people: what expires soon, how the policy was found. */
  readonly notes: readonly string[];
  /** Packages (purl) of whose lack of evidence a note speaks: nothing of any is where they come from. */
  readonly unserved?: readonly string[];
  readonly outcome: Outcome;
  readonly exit: number;
}

/** An exception as a roll-out looks at it. Days are whole and negative once it is over. */
export interface ExceptionFigure {
  readonly policy: string;
  readonly package: string;
  readonly excuses: readonly string[];
  readonly approvedBy: string | null;
  readonly since: string | null;
  readonly ageDays: number | null;
  readonly expires: string;
  readonly daysLeft: number;
  /** How many packages of this lock it lets in. */
  readonly uses: number;
}

/** Something that ends: a rule, an exception, a listed archive, the recorded file, a trust root, the registry's keys. */
export interface EndingFigure {
  readonly policy: string;
  /** `rules[0] npm:@acme/*`, `trust root public-good` */
  readonly what: string;
  /** The first day without it. */
  readonly expires: string;
  /** Whole, and 0 or less once it is over. */
  readonly daysLeft: number;
}

/** A dependency that can never be let in, because nothing binds its bytes. */
export interface UnboundReport {
  readonly package: PackageRef | null;
  readonly location: string;
  readonly denial: Denial;
}
