import { exactly, parseWritten } from "../../../../plugins/dotnet/resolve/graph.ts";
import { describe, expect, it } from "vitest";

describe("what NuGet writes", () => {
  const sources = (...members: string[]) => `{"restore": {"sources": {\n  ${members.join(",\n  ")}\n}}}`;

  it("names a source for each of its names; that is one source", () => {
    expect(
      parseWritten(sources('"https://a.example": {}', '"https://b.example": {}', '"https://a.example": {}')),
    ).toEqual({ restore: { sources: { "https://a.example": {}, "https://b.example": {} } } });
    expect(parseWritten(sources())).toEqual({ restore: { sources: {} } });
  });

  it.each([sources('"a": {}', '"a": {"b": 1}'), '{"a": {}, "a": {}}', sources('"a": 1', '"a": 1')])(
    "nothing else twice: %s",
    (text) => expect(() => parseWritten(text)).toThrow("duplicate name"),
  );
});

describe("a version in brackets", () => {
  it.each([
    ["[8.0.31, 8.0.31]", ["8.0.31"]],
    ["[1.0.0]", ["1.0.0"]],
    ["[1.0.0, 1.0.0];[2.0.0, 2.0.0]", ["1.0.0", "2.0.0"]],
    ["[1.0.0, 2.0.0]", []],
    ["1.0.0", []],
  ])("the exact versions in %s", (range, versions) => expect(exactly(range)).toEqual(versions));
});
