import { ArtifactError, SourceUnavailable } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import type { Artifact, Bytes } from "./model/artifact.ts";
import { CODES, type Denial } from "./model/codes.ts";
import type { Decision, Unavailable } from "./model/decision.ts";
import type { Digest } from "./model/digest.ts";
import type { Evidence } from "./model/evidence.ts";
import type { Source } from "./model/source.ts";
import type { Verdict } from "./model/verdict.ts";
import type { Proven, Session } from "./plugin.ts";

/** What the gate judges with. The three functions are `policy/` and `verify/`; no plugin can replace them. */
export interface Judge {
  /** Bytes are fetched and bound for every artifact; otherwise only where evidence needs them. */
  readonly wantsBytes: boolean;
  readonly offline: boolean;
  wanted(artifact: Artifact): { readonly evidence: boolean; readonly sources: readonly Source[] };
  verify(evidence: Evidence, subject: Subject): Verdict | { readonly status: "needs-bytes" };
  decide(facts: Facts): Decision;
}

export interface Subject {
  readonly names: readonly string[];
  readonly digests: readonly Digest[];
  readonly bytes: Buffer | null;
}

/** All that is known of one artifact. */
export interface Facts {
  readonly artifact: Artifact;
  readonly digests: readonly Digest[];
  readonly verdicts: readonly Verdict[];
  readonly unavailable: readonly Unavailable[];
  /** Bytes that contradict the lock, or could not be had. */
  readonly faults: readonly Denial[];
}

export interface Judged {
  readonly decision: Decision;
  readonly proven: Proven | null;
}

/** Fetches, verifies and decides upon one artifact. A denial that rests on an earlier run's answers is asked again. */
export async function judgeArtifact(artifact: Artifact, session: Session, judge: Judge): Promise<Judged> {
  const bytes = lazily(() => session.obtain(artifact));
  const faults = judge.wantsBytes || artifact.digests.length === 0 ? await faultsOf(bytes) : [];
  const ask = (fresh: boolean) => weigh(artifact, { session, judge, bytes, faults, fresh });
  let decision = await ask(false);
  if (restsOnCache(decision) && !judge.offline) decision = await ask(true);
  return {
    decision,
    proven: decision.outcome === "denied" || !bytes.started() ? null : { artifact, bytes: await bytes.get() },
  };
}

interface Case {
  readonly session: Session;
  readonly judge: Judge;
  readonly bytes: Lazy<Bytes>;
  readonly faults: readonly Denial[];
  readonly fresh: boolean;
}

/** Asks source after source until the rule is met or something does not hold. */
async function weigh(artifact: Artifact, c: Case): Promise<Decision> {
  const wanted = c.judge.wanted(artifact);
  const sources: readonly Source[] =
    wanted.evidence && c.faults.length === 0 ? [{ kind: "own" }, ...wanted.sources] : [];
  const verdicts: Verdict[] = [];
  const unavailable: Unavailable[] = [];
  const faults = [...c.faults];
  let decision = c.judge.decide({
    artifact,
    digests: await digestsOf(artifact, c.bytes),
    verdicts,
    unavailable,
    faults,
  });
  for (const source of sources) {
    try {
      const evidence = await c.session.collect(artifact, source, c.fresh);
      for (const one of evidence.slice(0, LIMITS.bundlesPerArtifact)) verdicts.push(await verify(artifact, one, c));
    } catch (error) {
      if (error instanceof SourceUnavailable) unavailable.push({ location: error.location, reason: error.reason });
      else if (error instanceof ArtifactError) faults.push(error.denial);
      else throw error;
    }
    decision = c.judge.decide({
      artifact,
      digests: await digestsOf(artifact, c.bytes),
      verdicts: [...verdicts],
      unavailable: [...unavailable],
      faults: [...faults],
    });
    if (decision.outcome === "allowed" || doesNotHold(decision)) break;
  }
  return decision;
}

/** Verifies one piece of evidence; fetches the bytes where the signature is over them, or shares no digest with the lock. */
async function verify(artifact: Artifact, evidence: Evidence, { judge, bytes }: Case): Promise<Verdict> {
  const names = artifact.subjectNames;
  const first = judge.verify(evidence, { names, digests: await digestsOf(artifact, bytes), bytes: null });
  if (first.status !== "needs-bytes") return first;
  const obtained = await bytes.get();
  const second = judge.verify(evidence, { names, digests: obtained.digests, bytes: await obtained.read() });
  if (second.status !== "needs-bytes") return second;
  return {
    status: "broken",
    evidence,
    code: "SUBJECT_MISMATCH",
    detail: "no digest of the subject is one that binds bytes",
  };
}

async function faultsOf(bytes: Lazy<Bytes>): Promise<readonly Denial[]> {
  try {
    await bytes.get();
    return [];
  } catch (error) {
    if (error instanceof ArtifactError) return [error.denial];
    throw error;
  }
}

async function digestsOf(artifact: Artifact, bytes: Lazy<Bytes>): Promise<readonly Digest[]> {
  if (!bytes.started()) return artifact.digests;
  return bytes.get().then(
    ({ digests }) => digests,
    () => artifact.digests,
  );
}

/** Not allowed, and an answer of an earlier run had a part in it: the source may know more by now. */
function restsOnCache({ outcome, verdicts }: Decision): boolean {
  return outcome !== "allowed" && verdicts.some(({ evidence }) => evidence.cached === true);
}

function doesNotHold({ denials }: Decision): boolean {
  return denials.some(({ code }) => CODES[code].exit === 66);
}

interface Lazy<T> {
  get(): Promise<T>;
  started(): boolean;
}

function lazily<T>(make: () => Promise<T>): Lazy<T> {
  let made: Promise<T> | undefined;
  return { get: () => (made ??= make()), started: () => made !== undefined };
}
