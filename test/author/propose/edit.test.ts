import { editJson } from "../../../src/author/propose/edit.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("editJson", () => {
  const TEXT = `{
\t"version": 1,
\t"signers": { "a": { "githubActions": { "repository": "acme/a" } } },
\t"rules": [
\t\t{ "packages": ["npm:a", "npm:c"], "signedBy": ["a"] },
\t\t{
\t\t\t"packages": ["npm:*"],   "unsigned": "recorded"
\t\t}
\t]
}
`;
  const value = () => JSON.parse(TEXT) as { signers: Record<string, unknown>; rules: { packages: string[] }[] };

  it("nothing changed: the same text", () => {
    expect(editJson(TEXT, value())).toBe(TEXT);
  });

  it("a member of a list on one line stays on that line; nothing else moves", () => {
    const after = value();
    after.rules[0]?.packages.splice(1, 0, "npm:b");
    expect(editJson(TEXT, after)).toBe(TEXT.replace('"npm:a", "npm:c"', '"npm:a", "npm:b", "npm:c"'));
  });

  it("a new rule is laid out like its neighbours, in the file's indentation", () => {
    const after = value();
    after.rules.splice(1, 0, { packages: ["npm:d"] });
    const edited = editJson(TEXT, after);
    expect(JSON.parse(edited)).toEqual(after);
    for (const line of TEXT.split("\n")) expect(edited.split("\n")).toContain(line);
    expect(edited.split("\n").every((line) => !/^ +/.test(line))).toBe(true);
  });

  it("a member of an object on one line stays there", () => {
    const after = value();
    after.signers["b"] = { githubActions: { repository: "acme/b" } };
    expect(editJson(TEXT, after)).toContain(
      '"a": { "githubActions": { "repository": "acme/a" } }, "b": { "githubActions": { "repository": "acme/b" } } }',
    );
  });

  it("what goes leaves no comma behind", () => {
    const after = value();
    after.rules.pop();
    expect(JSON.parse(editJson(TEXT, after))).toEqual(after);
    after.rules.pop();
    expect(JSON.parse(editJson(TEXT, after))).toEqual(after);
  });

  it("keeps Windows line ends", () => {
    const windows = TEXT.replaceAll("\n", "\r\n");
    const after = value();
    after.rules.push({ packages: ["npm:d"] });
    expect(editJson(windows, after).replaceAll("\r\n", "")).not.toContain("\n");
  });

  it("whatever the values: the text of the new one, and of an unchanged one the same text", () => {
    const json = fc.jsonValue({ maxDepth: 4 }).filter((one) => !JSON.stringify(one).includes("__proto__"));
    const indent = fc.constantFrom(undefined, 1, 2, "\t");
    fc.assert(
      fc.property(json, json, indent, (before, after, space) => {
        const text = JSON.stringify(before, null, space);
        expect(JSON.parse(editJson(text, after))).toEqual(JSON.parse(JSON.stringify(after)));
        expect(editJson(text, JSON.parse(text))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("lists that grow and shrink in the middle", () => {
    const list = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 8 });
    fc.assert(
      fc.property(list, list, fc.boolean(), (before, after, wide) => {
        const text = JSON.stringify({ list: before }, null, wide ? 2 : undefined);
        expect(JSON.parse(editJson(text, { list: after }))).toEqual({ list: after });
      }),
      { numRuns: 500 },
    );
  });
});
