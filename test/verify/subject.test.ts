import type { Subject } from "../../src/model/subject.ts";
import { matchSubject } from "../../src/verify/subject.ts";
import { describe, expect, test } from "vitest";

const OURS = { algorithm: "sha512", hex: "a".repeat(128) } as const;
const OTHER = { algorithm: "sha512", hex: "b".repeat(128) } as const;
/** Known by two names, as a file that may be spelt in two ways. */
const subject: Subject = { names: ["one", "two"], digests: [OURS], bytes: null };

test("a statement about nothing is about something else", () => {
  expect(() => matchSubject([], subject)).toThrow(expect.objectContaining({ code: "SUBJECT_MISMATCH" }));
});

describe("an artifact of two names", () => {
  test("may be called by either", () => {
    expect(matchSubject([{ name: "two", digests: [OURS] }], subject)).toEqual([OURS]);
  });

  test("one of two names with another digest contradicts, whatever the other one says", () => {
    const subjects = [
      { name: "one", digests: [OURS] },
      { name: "two", digests: [OTHER] },
    ];
    expect(() => matchSubject(subjects, subject)).toThrow(expect.objectContaining({ code: "SUBJECT_MISMATCH" }));
    expect(() => matchSubject(subjects.toReversed(), subject)).toThrow("another digest");
  });
});
