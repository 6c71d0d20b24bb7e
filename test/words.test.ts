import { asksForHelp, misused, readWords } from "../src/words.ts";
import { expect, it } from "vitest";

const OPTIONS = {
  offline: { type: "boolean" },
  policy: { type: "string" },
  quiet: { type: "boolean", short: "q" },
} as const;
const read = (...words: string[]) => readWords(words, OPTIONS, "check");

it("reads options and words in any order", () => {
  expect(read("a", "--offline", "b", "--policy=p")).toMatchObject({
    values: { offline: true, policy: "p" },
    positionals: ["a", "b"],
  });
});

it.each([
  [["--ofline"], 'there is no option --ofline (did you mean "--offline"?)'],
  [["--polcy", "x"], 'there is no option --polcy (did you mean "--policy"?)'],
  [["--write"], "there is no option --write"],
  [["-x"], "there is no option -x"],
  [["--policy"], "Option '--policy <value>' argument missing"],
  [["--policy", "-q"], "Option '--policy' argument is ambiguous"],
  [["--offline=yes"], "Option '--offline' does not take an argument"],
])("%j: %s", (words, message) => {
  expect(() => read(...words)).toThrow(
    expect.objectContaining({ kind: "usage", code: "USAGE", message, hint: "safe-install help check" }),
  );
});

it("help is asked for before --, and nowhere else", () => {
  expect(["--help", "-h"].map((word) => asksForHelp(["a", word]))).toEqual([true, true]);
  expect(asksForHelp(["--", "--help"])).toBe(false);
  expect(asksForHelp(["help", "-help"])).toBe(false);
});

it("what is not understood sends to the help of its command", () => {
  expect(misused("expected one", "trust")).toMatchObject({ message: "expected one", hint: "safe-install help trust" });
});
