import { type Progress, silent } from "./progress.ts";
import { type Judge, type Judged, judgeArtifact } from "./judge.ts";
import { LIMITS } from "./limits.ts";
import { SafeInstallError } from "./errors.ts";
import { CODES } from "./model/codes.ts";
import type { Decision } from "./model/decision.ts";
import type { Outcome } from "./model/report.ts";
import type { Artifact } from "./model/artifact.ts";
import type { Proven, Session } from "./plugin.ts";
import { worstExit } from "./exit.ts";
import pMap from "p-map";

/** The judgement over one dependency set. */
export interface Gated {
  readonly decisions: readonly Decision[];
  readonly outcome: Outcome;
  /** 0, 65, 66 or 69. */
  readonly exit: number;
  /** What may be unpacked, with the very bytes that were judged. Empty unless everything is let through and bytes were asked for. */
  readonly proven: readonly Proven[];
}

/**
 * THE STORY: every artifact of the set is fetched, its evidence collected, verified and decided upon;
 * what may be unpacked is known only when all of it is let through.
 */
export async function gate(
  session: Session,
  judge: Judge,
  progress: Progress = silent,
  known: JudgedBefore = new Map(),
): Promise<Gated> {
  const judged = await judgeAll(session, judge, progress, known);
  const decisions = judged.map(({ decision }) => decision);
  const outcome = outcomeOf(session, decisions);
  const proven = outcome === "denied" ? [] : judged.flatMap(({ proven }) => (proven === null ? [] : [proven]));
  return { decisions, outcome, exit: exitOf(session, decisions), proven };
}

/** What `prove` has judged in this run, so that one artifact is never judged twice. */
export type JudgedBefore = Map<Artifact, Judged>;

/** A part of a session that has to be proven before the rest is known; see `Context.prove`. */
export type Part = Pick<Session, "artifacts" | "obtain" | "collect">;

/** The same judgement on a part. @returns null where any of it is denied. */
export async function prove(
  part: Part,
  judge: Judge,
  progress: Progress,
  known: JudgedBefore,
): Promise<readonly Proven[] | null> {
  const judged = await judgeAll(part, judge, progress, known);
  if (judged.some(({ decision }) => decision.outcome === "denied")) return null;
  return judged.flatMap(({ proven }) => (proven === null ? [] : [proven]));
}

/** For what only looks at a lock: nothing is let in. */
export const provesNothing = (): Promise<null> => Promise.resolve(null);

async function judgeAll(part: Part, judge: Judge, progress: Progress, known: JudgedBefore): Promise<readonly Judged[]> {
  refuseTooMany(part);
  if (part.artifacts.every((artifact) => known.has(artifact)))
    return part.artifacts.flatMap((one) => known.get(one) ?? []);
  progress.start(part.artifacts.length);
  const judged = await pMap(
    part.artifacts,
    async (artifact) => {
      const one = known.get(artifact) ?? (await judgeArtifact(artifact, part, judge));
      known.set(artifact, one);
      progress.judged(one.decision);
      return one;
    },
    { concurrency: LIMITS.concurrency },
  );
  progress.end();
  return judged;
}

function refuseTooMany({ artifacts }: Part): void {
  if (artifacts.length <= LIMITS.artifacts) return;
  throw new SafeInstallError("unbound", "TOO_MANY", `the lock names more than ${LIMITS.artifacts} packages`);
}

function outcomeOf({ unbound }: Session, decisions: readonly Decision[]): Outcome {
  if (unbound.length > 0 || decisions.some(({ outcome }) => outcome === "denied")) return "denied";
  return decisions.some(({ outcome }) => outcome === "audited") ? "audited" : "allowed";
}

function exitOf({ unbound }: Session, decisions: readonly Decision[]): number {
  const denied = decisions.filter(({ outcome }) => outcome === "denied").flatMap(({ denials }) => denials);
  return worstExit([...unbound.map(({ denial }) => denial), ...denied].map(({ code }) => CODES[code].exit));
}
