import type { Subject } from "../../src/model/subject.ts";
import { matchSubject } from "../../src/verify/subject.ts";
import { createHash } from "node:crypto";
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

describe("which digests agree", () => {
  const BYTES = Buffer.from("bytes");
  const hash = (algorithm: "sha256" | "sha384" | "sha512", bytes = BYTES) => ({
    algorithm,
    hex: createHash(algorithm).update(bytes).digest("hex"),
  });
  const [S256, S384, S512] = [hash("sha256"), hash("sha384"), hash("sha512")] as const;
  const WRONG = hash("sha256", Buffer.from("others"));
  const about = (names: readonly string[], digests: Subject["digests"], bytes: Buffer | null = null): Subject => ({
    names,
    digests,
    bytes,
  });
  const fails = (message: string) =>
    expect.objectContaining({ code: "SUBJECT_MISMATCH", message: expect.stringContaining(message) as string }) as Error;

  test.each<[string, Parameters<typeof matchSubject>[0], Subject, ReturnType<typeof matchSubject>]>([
    ["one that both know", [{ name: "x", digests: [S256] }], about(["x"], [S256, S512]), [S256]],
    ["all that both know", [{ name: "x", digests: [S256, S512] }], about(["x"], [S256, S512]), [S256, S512]],
    ["one that nobody could compare yet", [{ name: "x", digests: [S256, S384] }], about(["x"], [S256]), "unknown"],
    ["one that the bytes tell", [{ name: "x", digests: [S256, S384] }], about(["x"], [S512], BYTES), [S256, S384]],
    ["none that both know yet", [{ name: "x", digests: [S384] }], about(["x"], [S512]), "unknown"],
    ["whichever name, where none counts", [{ name: "y", digests: [S256] }], about([], [S256]), [S256]],
    ["no name, where none counts", [{ name: null, digests: [S256] }], about([], [S256]), [S256]],
    [
      "one of several subjects",
      [
        { name: "y", digests: [WRONG] },
        { name: "x", digests: [S256] },
      ],
      about(["x"], [S256]),
      [S256],
    ],
    [
      "none that is known of the others",
      [
        { name: "y", digests: [S384] },
        { name: "x", digests: [S384] },
      ],
      about(["x"], [S256]),
      "unknown",
    ],
  ])("%s", (_, subjects, artifact, expected) => {
    expect(matchSubject(subjects, artifact)).toEqual(expected);
  });

  test.each<[string, Parameters<typeof matchSubject>[0], Subject, string]>([
    [
      "its name with another digest",
      [{ name: "x", digests: [WRONG] }],
      about(["x"], [S256]),
      'names "x" with another digest',
    ],
    [
      "its digest under another name",
      [{ name: "y", digests: [S256] }],
      about(["x", "z"], [S256]),
      'names the same bytes "y", not x or z',
    ],
    [
      "its digest under no name",
      [{ name: null, digests: [S256] }],
      about(["x"], [S256]),
      'names the same bytes "", not x',
    ],
    ["another name and digest", [{ name: "y", digests: [WRONG] }], about(["x"], [S256]), "is about y, not about x"],
    [
      "others",
      [
        { name: "y", digests: [WRONG] },
        { name: "z", digests: [WRONG] },
      ],
      about(["x"], [S256]),
      "is about y and 1 more, not about x",
    ],
    [
      "no name, another digest",
      [{ name: null, digests: [WRONG] }],
      about([], [S256]),
      `is about sha256:${WRONG.hex}, not about sha256:${S256.hex}`,
    ],
    [
      "one that the bytes do not tell",
      [{ name: "x", digests: [WRONG] }],
      about(["x"], [S512], BYTES),
      'names "x" with another digest',
    ],
    [
      "another file whose digest is not known",
      [{ name: "y", digests: [S384] }],
      about(["x"], [S256]),
      "is about y, not about x",
    ],
    ["its name without any digest", [{ name: "x", digests: [] }], about(["x"], [S256]), "is about x, not about x"],
    [
      "its name alone, and its digest under another",
      [
        { name: "x", digests: [S384] },
        { name: "y", digests: [S256] },
      ],
      about(["x"], [S256]),
      'the same bytes "y"',
    ],
  ])("a statement of %s contradicts", (_, subjects, artifact, message) => {
    expect(() => matchSubject(subjects, artifact)).toThrow(fails(message));
  });

  test("names may be compared in another way, and one may be a name of nothing", () => {
    const isName = (stated: string) => (stated === "" ? null : stated.toLowerCase() === "x");
    const artifact = { ...about(["x"], [S256]), isName };
    expect(matchSubject([{ name: "X", digests: [S256] }], artifact)).toEqual([S256]);
    for (const name of [null, ""]) expect(matchSubject([{ name, digests: [S256] }], artifact)).toEqual([S256]);
    expect(() => matchSubject([{ name: "y", digests: [S256] }], artifact)).toThrow(fails("the same bytes"));
    expect(() => matchSubject([{ name: "X", digests: [WRONG] }], artifact)).toThrow(fails("another digest"));
  });
});
