import { SafeInstallError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { Decision } from "../model/decision.ts";
import type { Part, Proven } from "../plugin.ts";
import { type Judge, type Judged, judgeArtifact } from "./judge.ts";
import { type Progress, silent } from "./progress.ts";
import pMap from "p-map";

export interface JudgedPart {
  readonly part: Part;
  readonly decisions: readonly Decision[];
  /** Any of it is denied, or cannot be bound to bytes. */
  readonly isDenied: boolean;
  /** What may be unpacked, with the very bytes that were judged. Empty where any of it is denied. */
  readonly proven: readonly Proven[];
}

/** Judges every artifact of a part: what may be unpacked is known only when all of it is let through. */
export async function judgePart(part: Part, judge: Judge, progress: Progress = silent): Promise<JudgedPart> {
  refuseTooMany(part);
  const judged = await judgeAll(part, part.opens ? { ...judge, wantsBytes: true } : judge, progress);
  const decisions = judged.map(({ decision }) => decision);
  const isDenied = part.unbound.length > 0 || decisions.some(({ outcome }) => outcome === "denied");
  const proven = judged.flatMap((one) => (one.proven === null ? [] : [one.proven]));
  return { part, decisions, isDenied, proven: isDenied ? [] : proven };
}

async function judgeAll(part: Part, judge: Judge, progress: Progress): Promise<readonly Judged[]> {
  progress.start(part.artifacts.length);
  const judged = await pMap(
    part.artifacts,
    async (artifact) => {
      const one = await judgeArtifact(artifact, part, judge);
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
