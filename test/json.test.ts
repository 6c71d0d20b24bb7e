import { JsonError, parseJson, parseJsonOr } from "../src/json.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const fault = (text: string): JsonError => {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
};

describe("parseJson", () => {
  it("agrees with JSON.parse on everything that JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2, "\t"), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("refuses a name that stands twice, wherever and however it is written", () => {
    const name = fc.string({ unit: "binary" });
    const spelling = (text: string, escaped: boolean) =>
      escaped
        ? `"${[...Array(text.length).keys()].map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join("")}"`
        : JSON.stringify(text);
    fc.assert(
      fc.property(
        name,
        fc.boolean(),
        fc.boolean(),
        fc.jsonValue(),
        fc.constantFrom("", " ", "\n\t"),
        (text, one, other, between, space) => {
          const inner = `{${spelling(text, one)}${space}:1,${space}${spelling(text, other)}:${JSON.stringify(between)}}`;
          for (const whole of [inner, `[0,${inner}]`, `{"a":{"b":${inner}},"c":"}"}`]) {
            expect(fault(whole).message).toContain("duplicate name");
          }
        },
      ),
    );
  });

  it("lets the same name stand in different objects, and a string be like a name", () => {
    for (const text of [
      '{"a":{"a":1}}',
      '[{"a":1},{"a":2}]',
      '{"a":["a","a"],"b":"a"}',
      '{"a":"\\"b\\":","b":":"}',
      '["a","a"]',
    ]) {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }
  });

  it("says where: the second name", () => {
    expect(fault('{"a":1, "b":2, "a":3}').offset).toBe(15);
  });

  it.each(["", "{", '{"a":1,}', "[1,]", "{} {}", "// x\n{}", "{'a':1}", "\uFEFF{}", "NaN", '{"a":1}}'])(
    "refuses %j",
    (text) => {
      expect(fault(text)).toBeInstanceOf(JsonError);
    },
  );

  it("refuses depth, in linear time and without exhausting the stack", () => {
    expect(fault("[".repeat(257) + "]".repeat(257)).message).toContain("nested deeper");
    expect(parseJson("[".repeat(256) + "]".repeat(256))).toBeDefined();
    expect(fault("[".repeat(1_000_000) + "]".repeat(1_000_000)).message).toContain("nested deeper");
    const backslashes = JSON.stringify("\\".repeat(500_000));
    expect(parseJson(`{"a":${backslashes}}`)).toEqual({ a: "\\".repeat(500_000) });
  });
});

describe("parseJsonOr", () => {
  it("is parseJson where the text is strict, also where that is null", () => {
    expect(parseJsonOr('{"a":[1,null]}', () => "none")).toEqual({ a: [1, null] });
    expect(parseJsonOr("null", () => "none")).toBeNull();
  });

  it.each(["", "{", '{"a":1,"a":2}'])("asks what %j is, and says why", (text) => {
    expect(parseJsonOr(text, (why) => `none: ${why}`)).toBe(`none: ${fault(text).message}`);
  });

  it("throws what the other way throws", () => {
    const refuse = () => parseJsonOr("{", () => JSON.parse("["));
    expect(refuse).toThrow(SyntaxError);
  });
});
