import { JsonError, parseJson } from "../src/json.ts";
import { type SoughtMembers, thinJson } from "../src/json-thin.ts";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";

const SOUGHT: SoughtMembers = new Map<string, SoughtMembers>([
  ["name", true],
  ["versions", new Map([["1.0.0", new Map<string, SoughtMembers>([["dist", true]])]])],
]);

function thin(text: string, size = text.length + 1, maxBytes = 1000): string {
  const one = thinJson(SOUGHT, maxBytes);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) one.take(bytes.subarray(at, at + size));
  return one.end();
}

test.each<[string, string]>([
  ['{"name":"a","readme":"…","versions":{"0.9.0":{"dist":1},"1.0.0":{"x":[1],"dist":{"a":[{}]}}}}', "sought members"],
  ['{ "other" : { "name" : "b" } , "name" : "a" }', "a name elsewhere"],
  ['{"readme":"\\"}\\\\","name":"a\\"}"}', "quotes and brackets in texts"],
  ['{"n\\u0061me":"a"}', "a name with escapes"],
  ['{"name":1,"versions":{}}', "empty objects"],
  ['{"a":-1.5e3,"b":null,"c":[[],{}],"name":true}', "every kind of value"],
  ["{}", "nothing"],
])("%s", (text) => {
  const whole = JSON.parse(text) as Record<string, unknown>;
  const versions = whole["versions"] as Record<string, { dist?: unknown }> | undefined;
  const one = versions?.["1.0.0"];
  const expected = {
    ...("name" in whole ? { name: whole["name"] } : {}),
    ...(versions === undefined ? {} : { versions: one === undefined ? {} : { "1.0.0": { dist: one.dist } } }),
  };
  for (const size of [1, 2, 3, 7, 1000]) expect(parseJson(thin(text, size))).toEqual(expected);
});

it("reads what a parser reads, however it comes", () => {
  const member = fc.constantFrom("name", "versions", "1.0.0", "dist", "x", "");
  const { any } = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.jsonValue({ maxDepth: 2 }),
      fc.dictionary(member, tie("any"), { maxKeys: 5 }),
      fc.array(tie("any"), { maxLength: 4 }),
    ),
  }));
  fc.assert(
    fc.property(
      fc.dictionary(member, any),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(0, 1),
      (value, size, gap) => {
        const read = parseJson(thin(JSON.stringify(value, null, gap), size, 1e9));
        expect(read).toEqual(projected(JSON.parse(JSON.stringify(value)), SOUGHT));
      },
    ),
  );
});

function projected(value: unknown, sought: SoughtMembers): unknown {
  if (sought === true || typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).filter(([name]) => sought.has(name));
  return Object.fromEntries(members.map(([name, one]) => [name, projected(one, sought.get(name)!)]));
}

describe("no JSON stays none", () => {
  test.each([
    "",
    "<html>",
    "[",
    "{",
    '{"name":"a"',
    '{"name":"a"}}',
    '{"name":"a"} {"name":"b"}',
    '{"name":"a","name":"b"}',
    '{"name":"a","n\\u0061me":"b"}',
    '{"versions":{"1.0.0":{}},"versions":{}}',
    '{"x":[},"name":"a"}',
    '{"x":{"y":1],"name":"a"}',
    '{"name" "a"}',
    '{"name":"a",}',
    "{,}",
    '{"\\x":1}',
    "{1:2}",
    '{"x":"',
    `{"x":${"[".repeat(300)}${"]".repeat(300)},"name":"a"}`,
    `{"${"x".repeat(70_000)}":1}`,
  ])("%s", (text) => {
    for (const size of [1, 1000]) expect(() => parseJson(thin(text, size))).toThrow(JsonError);
  });

  test("more than is read of any", () => {
    expect(() => thin(`{"name":"${"x".repeat(1000)}"}`)).toThrow("more than 1000 bytes of what is read");
    expect(thin(`{"other":"${"x".repeat(100_000)}"}`)).toBe("{}");
  });
});
