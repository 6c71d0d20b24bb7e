import { closed, free, readAs, tableOf, text } from "../src/shape.ts";
import { describe, expect, it } from "vitest";
import * as v from "valibot";

const own = (name: string, value: unknown) => JSON.parse(`{"${name}":${JSON.stringify(value)}}`) as unknown;

describe("a table under names of somebody's own", () => {
  const COUNTS = tableOf(v.number());

  it.each(["constructor", "prototype", "__proto__", "toString", "a"])("%s is one of them", (name) => {
    const found = readAs(COUNTS, own(name, 1));
    expect("value" in found && Object.entries(found.value)).toEqual([[name, 1]]);
    expect(readAs(COUNTS, own(name, "1"))).toEqual({ wrong: `"${name}" is not what the format has there` });
  });

  it.each([null, [], [1], "x", 1, new Date()])("%j is none", (value) => {
    expect(readAs(COUNTS, value)).toHaveProperty("wrong");
    expect(readAs(free, value)).toHaveProperty("wrong");
    expect(readAs(closed({}), value)).toHaveProperty("wrong");
  });

  it("the place of what is wrong below it", () => {
    expect(readAs(tableOf(closed({ a: text })), { x: { a: "1" }, y: { a: "1", b: "1" } })).toEqual({
      wrong: '"y.b" is no member that its format has',
    });
  });
});

describe("a closed table", () => {
  const POINT = closed({ x: v.number(), y: v.optional(v.number()) });

  it.each(["constructor", "prototype", "__proto__", "toString", "z"])("has no %s", (name) => {
    expect(readAs(POINT, { ...(own(name, 1) as object), x: 1 })).toEqual({
      wrong: `"${name}" is no member that its format has`,
    });
  });

  it("lacks nothing", () => {
    expect(readAs(POINT, { y: 1 })).toEqual({ wrong: '"x" is missing' });
    expect(readAs(POINT, { x: 1 })).toEqual({ value: { x: 1 } });
  });
});

it.each(["", "a\nb", "a\u0000", "\ud800", "a\u2028b"])("%j is no text of one line", (value) => {
  expect(readAs(text, value)).toHaveProperty("wrong");
});
