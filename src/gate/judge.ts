import { ArtifactError } from "../errors.ts";
import type { Artifact, Bytes } from "../model/artifact.ts";
import { type Code, CODES, type Denial } from "../model/codes.ts";
import type { Decision, Unavailable } from "../model/decision.ts";
import type { DigestAlgorithm } from "../model/digest.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Facts } from "../model/facts.ts";
import type { Subject } from "../model/subject.ts";
import type { Verdict } from "../model/verdict.ts";
import type { Source, Wanted } from "../model/wanted.ts";
import type { Part, Proven } from "../plugin.ts";
import { type Answer, answerOf } from "./answers.ts";
import { areKept, digestsOf, hashedIn, isAboutBytes, lacks, type Lazy, lazily, otherDigestsOf } from "./bytes.ts";

/** What the gate judges with. The three functions are `policy/` and `verify/`; no plugin can replace them. */
export interface Judge {
  /** Bytes are fetched and bound for every artifact; otherwise only where evidence needs them. */
  readonly wantsBytes: boolean;
  readonly offline: boolean;
  wanted(artifact: Artifact): Wanted;
  /** In which algorithms some policy speaks of bytes that may be these: where the lock states others, they are fetched. */
  compares(artifact: Artifact): readonly DigestAlgorithm[];
  verify(evidence: Evidence, subject: Subject): Verified | Promise<Verified>;
  decide(facts: Facts): Decision;
}

type Verified = Verdict | { readonly status: "needs-bytes" };

export interface Judged {
  readonly decision: Decision;
  /** null: denied, or its bytes were not fetched. */
  readonly proven: Proven | null;
}

/** What judging one artifact needs of its part. */
type Reach = Pick<Part, "obtain" | "collect">;

/** Fetches, verifies and decides upon one artifact. What an earlier run was told or given is asked for again where it does not suffice. */
export async function judgeArtifact(artifact: Artifact, part: Reach, judge: Judge): Promise<Judged> {
  const early = artifact.archive === undefined ? null : judge.decide(asStated(artifact));
  if (early?.outcome === "denied") return { decision: early, proven: null };
  const first = await judgeBytes(artifact, part, judge, false);
  const counts = judge.offline || isAboutBytes(first.decision) || !(await areKept(first.bytes));
  return counts ? first : judgeBytes(artifact, part, judge, true);
}

async function judgeBytes(
  artifact: Artifact,
  part: Reach,
  judge: Judge,
  anew: boolean,
): Promise<Judged & { readonly bytes: Lazy<Bytes> }> {
  const compared = judge.compares(artifact);
  const bytes = lazily(() => part.obtain(artifact, anew).then((obtained) => hashedIn(compared, obtained)));
  const sources = sourcesOf(judge.wanted(artifact));
  const ask = (source: Source, fresh: boolean) => answerOf(part, artifact, source, fresh);
  // The first answer and the bytes are waited for together.
  const first = sources[0] === undefined ? null : ask(sources[0], false);
  first?.catch(() => {});
  const fetches = judge.wantsBytes || artifact.digests.length === 0 || lacks(artifact.digests, compared);
  const faults = fetches ? await faultsOf(bytes) : [];
  const about = { artifact, judge, bytes, faults, sources: faults.length === 0 ? sources : [] };
  let decision = await weigh(about, (source) => (source === sources[0] && first !== null ? first : ask(source, false)));
  if (restsOnCache(decision) && !judge.offline) decision = await weigh(about, (source) => ask(source, true));
  const refused = decision.outcome === "denied" || !bytes.started();
  const { scripts } = decision;
  const proven = { artifact, ...(scripts === undefined ? {} : { scripts }) };
  return { decision, bytes, proven: refused ? null : { ...proven, bytes: await bytes.get() } };
}

/** Whoever writes a lock could have anything asked for from here: only a listed address is, and only for the listed bytes. */
function asStated(artifact: Artifact): Facts {
  return { artifact, digests: artifact.digests, verdicts: [], unavailable: [], faults: [] };
}

/** A registry's signature first: what is let in ends the questions, and layers may ask for both. */
function sourcesOf({ evidence, sources, signature, baseline }: Wanted): readonly Source[] {
  const own: Source = signature ? { kind: "own", signature } : { kind: "own" };
  const statements: readonly Source[] = evidence ? [own, ...sources] : [];
  return baseline ? [{ kind: "registrySignature" }, ...statements] : statements;
}

interface Case {
  readonly artifact: Artifact;
  readonly judge: Judge;
  readonly bytes: Lazy<Bytes>;
  readonly faults: readonly Denial[];
  readonly sources: readonly Source[];
}

/** Asks source after source until the rule is met or something does not hold. */
async function weigh(about: Case, ask: (source: Source) => Promise<Answer>): Promise<Decision> {
  const verdicts: Verdict[] = [];
  const unavailable: Unavailable[] = [];
  const faults = [...about.faults];
  const asked: Source[] = [];
  for (const source of about.sources) {
    const answer = await ask(source);
    if (answer.evidence.length === 0 && answer.unavailable.length === 0) asked.push(source);
    unavailable.push(...answer.unavailable);
    faults.push(...answer.faults);
    try {
      for (const evidence of answer.evidence) verdicts.push(withoutBundle(await verify(evidence, about)));
    } catch (error) {
      faults.push(faultOf(error));
    }
    const decision = await decideNow();
    if (decision.outcome === "allowed" || doesNotHold(decision)) return decision;
  }
  return decideNow();

  async function decideNow(): Promise<Decision> {
    const { artifact, judge, bytes } = about;
    return judge.decide({
      artifact,
      digests: await digestsOf(artifact, bytes),
      otherDigests: await otherDigestsOf(bytes),
      verdicts: [...verdicts],
      unavailable: [...unavailable],
      asked: [...asked],
      faults: [...faults],
    });
  }
}

/** Verifies one piece of evidence against the package in each of its forms. */
async function verify(evidence: Evidence, about: Case): Promise<Verdict> {
  const { artifact, judge, bytes } = about;
  const { form } = artifact;
  const verdict = await verifyMain(evidence, about);
  if (form === undefined) return verdict;
  if (verdict.status === "verified") return { ...verdict, form };
  if (verdict.status !== "broken" || !OTHER_BYTES.includes(verdict.code)) return verdict;
  const { forms = [], mismatchHint } = await bytes.get();
  for (const other of forms) {
    const { name, digests } = other;
    const again = await judge.verify(evidence, { ...aboutName(artifact), digests, bytes: await other.read() });
    if (again.status === "verified") return { ...again, form: name };
  }
  return mismatchHint === undefined ? verdict : { ...verdict, detail: `${verdict.detail}; ${mismatchHint}` };
}

/** What a verdict says where the evidence is about other bytes: of a statement, of a message signature. */
const OTHER_BYTES: readonly Code[] = ["SUBJECT_MISMATCH", "SIGNATURE_INVALID"];

/** Fetches the bytes where the signature is over them, or shares no digest with the lock. */
async function verifyMain(evidence: Evidence, { artifact, judge, bytes }: Case): Promise<Verdict> {
  const about = aboutName(artifact);
  const first = await judge.verify(evidence, { ...about, digests: await digestsOf(artifact, bytes), bytes: null });
  if (first.status !== "needs-bytes") return first;
  const obtained = await bytes.get();
  const second = await judge.verify(evidence, { ...about, digests: obtained.digests, bytes: await obtained.read() });
  if (second.status !== "needs-bytes") return second;
  return { status: "broken", evidence, code: "SUBJECT_MISMATCH", detail: "no digest of the subject binds bytes" };
}

function aboutName(artifact: Artifact): Pick<Subject, "names" | "isName"> {
  const names = artifact.subjectNames;
  if (artifact.isSubjectName === undefined) return { names };
  return { names, isName: (stated) => (artifact.isSubjectName === undefined ? false : artifact.isSubjectName(stated)) };
}

/** Judged evidence is told about by its place: a thousand parsed bundles would fill the memory. */
function withoutBundle(verdict: Verdict): Verdict {
  if (!("bundle" in verdict.evidence)) return verdict;
  return { ...verdict, evidence: { ...verdict.evidence, bundle: null } };
}

async function faultsOf(bytes: Lazy<Bytes>): Promise<readonly Denial[]> {
  try {
    await bytes.get();
    return [];
  } catch (error) {
    return [faultOf(error)];
  }
}

function faultOf(error: unknown): Denial {
  if (error instanceof ArtifactError) return error.denial;
  throw error;
}

/** Not allowed, and an answer of an earlier run had a part in it: the source may know more by now. */
function restsOnCache({ outcome, verdicts }: Decision): boolean {
  return outcome !== "allowed" && verdicts.some(({ evidence }) => evidence.cached === true);
}

function doesNotHold({ denials }: Decision): boolean {
  return denials.some(({ code }) => CODES[code].exit === 66);
}
