import { readDocument } from "../../src/evidence/document.ts";
import { describe, expect, it } from "vitest";

const read = (text: string) => readDocument(text, "url", "https://bundles.example/x");

describe("readDocument", () => {
  it("reads one bundle, pretty or not", () => {
    for (const text of ['{"mediaType":"a"}', '{\n  "mediaType": "a"\n}\n', '\n{"mediaType":"a"}\n']) {
      expect(read(text)).toEqual([
        { source: "url", location: "https://bundles.example/x", bundle: { mediaType: "a" } },
      ]);
    }
  });

  it("reads one bundle a line", () => {
    expect(read('{"a":1}\n{"a":2}\n')).toMatchObject([
      { location: "https://bundles.example/x#0", bundle: { a: 1 } },
      { location: "https://bundles.example/x#1", bundle: { a: 2 } },
    ]);
  });

  it("reads a registry's answer, with what the wrapper states", () => {
    const text = '{"attestations":[{"predicateType":"p","bundle":{"a":1}},{"bundle":{"a":2}}]}';
    expect(read(text)).toMatchObject([{ statedPredicateType: "p", bundle: { a: 1 } }, { bundle: { a: 2 } }]);
  });

  it("an empty list is no evidence", () => {
    expect(read('{"attestations":[]}')).toEqual([]);
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "<html>"],
    ["a name twice", '{"a":1,"a":2}'],
    ["a name twice, deep inside", '{"attestations":[{"bundle":{"x":{"y":1,"y":2}}}]}'],
    ["the name of a prototype twice", '{"__proto__":1,"__proto__":2}'],
    ["a comment", '{"a":1} // x'],
    ["a list that is none", '{"attestations":{}}'],
    ["an attestation without a bundle", '{"attestations":[{"predicateType":"p"}]}'],
    ["a predicate type that is none", '{"attestations":[{"predicateType":1,"bundle":{}}]}'],
    ["a second line that is cut off", '{"a":1}\n{"a":'],
    ["deep nesting", "[".repeat(100_000)],
    ["deep nesting that is closed", "[".repeat(100_000) + "]".repeat(100_000)],
    ["too many", `{"attestations":[${Array.from({ length: 65 }, () => '{"bundle":{}}').join(",")}]}`],
  ])("%s is malformed evidence, never none", (_, text) => {
    expect(read(text)).toEqual([
      { source: "url", location: "https://bundles.example/x", malformed: expect.any(String) },
    ]);
  });
});
