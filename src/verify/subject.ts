import { createHash } from "node:crypto";
import { type Digest, compareDigests, formatDigest } from "../model/digest.ts";
import type { Subject } from "../model/subject.ts";
import { fail } from "./fault.ts";
import type { StatementSubject } from "./statement.ts";

/**
 * The digests on which the statement and the artifact agree; "unknown" where they share no algorithm and bytes would tell.
 * The artifact may be any of the subjects. Where names count, its name with another digest, and its digest under
 * another name, contradict. @throws Fault
 */
export function matchSubject(subjects: readonly StatementSubject[], subject: Subject): readonly Digest[] | "unknown" {
  const known = digestsFor(subjects, subject);
  const compared = subjects.map((one) => ({
    one,
    outcome: compareDigests(one.digests, known),
    ours: isOurs(one, subject),
  }));
  const contradicting = compared.find(({ outcome, ours }) =>
    ours === true ? outcome === "different" : ours === false && outcome === "same",
  );
  if (contradicting !== undefined) return contradicts(contradicting.one, subject);
  const matching = compared.find(({ outcome, ours }) => outcome === "same" && ours !== false);
  if (matching !== undefined && subject.bytes === null && !isWhollyKnown(matching.one, known)) return "unknown";
  if (matching !== undefined) return agreed(matching.one, known);
  const open = compared.some(
    ({ one, outcome, ours }) => outcome === "unknown" && ours !== false && one.digests.length > 0,
  );
  if (open && subject.bytes === null) return "unknown";
  return mismatch(subjects, subject);
}

/** Whether the statement's name is the artifact's; null where names, or this one, do not count. The one place where names are compared. */
function isOurs({ name }: StatementSubject, subject: Subject): boolean | null {
  if (subject.names.length === 0) return null;
  if (subject.isName !== undefined) return subject.isName(name ?? "");
  return name !== null && subject.names.includes(name);
}

/** What was given, and what the bytes hash to in the algorithms that the statement uses. */
function digestsFor(subjects: readonly StatementSubject[], { digests, bytes }: Subject): readonly Digest[] {
  if (bytes === null) return digests;
  const wanted = new Set(subjects.flatMap((one) => one.digests.map(({ algorithm }) => algorithm)));
  const hashed = [...wanted].map((algorithm) => ({
    algorithm,
    hex: createHash(algorithm).update(bytes).digest("hex"),
  }));
  return [...digests, ...hashed];
}

/** A digest that nobody compared may be wrong: a subject with one is two subjects to two readers. */
function isWhollyKnown({ digests }: StatementSubject, known: readonly Digest[]): boolean {
  return digests.every(({ algorithm }) => known.some((one) => one.algorithm === algorithm));
}

function agreed({ digests }: StatementSubject, known: readonly Digest[]): readonly Digest[] {
  return digests.filter((one) => compareDigests([one], known) === "same");
}

function contradicts(one: StatementSubject, subject: Subject): never {
  const { names } = subject;
  const spelled = JSON.stringify((one.name ?? "").slice(0, 300));
  return fail(
    "SUBJECT_MISMATCH",
    isOurs(one, subject) === true
      ? `the statement names ${spelled} with another digest`
      : `the statement names the same bytes ${spelled}, not ${names.join(" or ")}`,
  );
}

function mismatch(subjects: readonly StatementSubject[], { names, digests }: Subject): never {
  const found = subjects[0]?.name ?? subjects[0]?.digests.map(formatDigest).join(" ") ?? "";
  const expected = names.join(" or ") || digests.map(formatDigest).join(" ");
  const more = subjects.length > 1 ? ` and ${subjects.length - 1} more` : "";
  return fail("SUBJECT_MISMATCH", `the statement is about ${found.slice(0, 300)}${more}, not about ${expected}`);
}
