import { failed, strange } from "../../../../plugins/pip/resolve/failed.ts";
import { sameWords } from "../../../../plugins/pip/resolve/said.ts";
import { describe, expect, it, test } from "vitest";

function fail(part: Partial<Parameters<typeof failed>[0]>, offline = false) {
  const notices: string[] = [];
  const host = { offline, notice: (text: string) => notices.push(text) };
  const ended = { status: 1, failure: null, refused: [], conflict: [], ...part };
  return { error: failed(ended, { host } as never), notices };
}

describe("how pip's resolution failed", () => {
  it("without the network it cannot", () => {
    const { error, notices } = fail({ conflict: ["a"], failure: { type: "X", message: "x" } }, true);
    expect(error).toMatchObject({
      kind: "unavailable",
      code: "RESOLUTION_FAILED",
      message: expect.stringMatching(/without the network/) as string,
    });
    expect(error.hint).toContain("--offline");
    expect(notices).toEqual([]);
  });

  it.each([
    [{ failure: { type: "ExternallyManagedEnvironment", message: "x" } }],
    [{ status: 3 }],
    [{ status: 3, refused: [{ program: "gcc" }] }],
  ])("%j: pip does not install there", (part) => {
    expect(fail(part).error).toMatchObject({ kind: "usage", code: "PIP_USAGE" });
  });

  it("it wanted to start a program", () => {
    const { error } = fail({ refused: [{ program: "gcc" }, { program: "cc" }] });
    expect(error).toMatchObject({ kind: "unbound", code: "RESOLUTION_FAILED" });
    expect(error.message).toBe("pip wanted to start gcc while resolving");
  });

  it("in its own words, without what is secret in them", () => {
    const secret = "https://user:secret@i.example/x";
    const failure = { type: "DistributionNotFound", message: `No matching ${secret}\nmore of it` };
    const { error, notices } = fail({ failure, refused: [{ program: "gcc" }], conflict: [`a\n${secret}`, "b"] });
    expect(error).toMatchObject({
      kind: "unavailable",
      code: "RESOLUTION_FAILED",
      hint: expect.stringMatching(/only wheels/) as string,
    });
    expect(error.message).toBe("pip could not resolve the requirements: No matching https://i.example/x");
    expect(notices).toEqual(["a", "https://i.example/x", "b"]);
    expect(fail({}).error.message).toBe("pip could not resolve the requirements: see its words above");
  });
});

test("what is no requirement of an index is shown without secrets, its first line alone", () => {
  const error = strange("a @ https://user:secret@i.example/x\nrest");
  expect(error).toMatchObject({ kind: "unbound", code: "PIP_REQUIREMENTS" });
  expect(error.message).toBe("this is no requirement of an index: a @ https://i.example/x");
});

describe("two readings have a resolver choose alike", () => {
  const said = { requires: ["a>1"], extras: ["x"], python: [">=3"], is: [["a", "1"]] };
  it("where they say the same of all that it reads", () => {
    expect(sameWords(said, { ...said })).toBe(true);
  });
  it.each([{ requires: [] }, { extras: [] }, { python: [] }, { is: [] }])("not with %j", (part) => {
    expect(sameWords(said, { ...said, ...part })).toBe(false);
  });
  it.each([null, undefined])("and nothing said (%s) is like nothing else", (nothing) => {
    expect([sameWords(said, nothing), sameWords(nothing, said), sameWords(nothing, nothing)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
