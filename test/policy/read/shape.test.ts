import { checkShape } from "../../../src/policy/read/shape.ts";
import { formatPath } from "../../../src/policy/read/problem.ts";
import { describe, expect, it } from "vitest";
import * as v from "valibot";

const SCHEMA = v.strictObject({
  name: v.string(),
  count: v.exactOptional(v.number()),
  list: v.exactOptional(v.array(v.strictObject({ inner: v.exactOptional(v.string()) }))),
  texts: v.exactOptional(v.array(v.string())),
  kind: v.exactOptional(v.picklist(["a", "b"])),
  table: v.exactOptional(v.record(v.string(), v.strictObject({ inner: v.exactOptional(v.string()) }))),
  either: v.exactOptional(v.union([v.picklist(["x"]), v.array(v.string())], "expected x or a list")),
  checked: v.exactOptional(v.pipe(v.string(), v.regex(/^y$/, "expected y"))),
});
const problems = (value: unknown, schema: v.GenericSchema = SCHEMA) => {
  const shape = checkShape(schema, value);
  return "problems" in shape
    ? shape.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`)
    : shape.value;
};

describe("the shape of a file", () => {
  it.each([
    [{ name: "n" }],
    [{ name: "n", list: [{}, { inner: "x" }], table: { one: {} }, kind: "a", texts: ["t"], either: "x", checked: "y" }],
  ])("%j is right, and comes back", (value) => {
    expect(problems(value)).toEqual(value);
  });

  it.each<[unknown, readonly string[]]>([
    [{}, ['name: "name" is missing']],
    [null, [": expected an object, found null"]],
    [1, [": expected an object, found 1"]],
    [undefined, [": expected an object, found undefined"]],
    [[], [": expected an object, found a list", 'name: "name" is missing']],
    [{ name: 1 }, ["name: expected text, found 1"]],
    [{ name: "n", count: "1" }, ['count: expected a number, found "1"']],
    [{ name: "n", list: {} }, ["list: expected a list, found an object"]],
    [{ name: "n", list: [[]] }, ["list[0]: expected an object, found a list"]],
    [{ name: "n", list: [null] }, ["list[0]: expected an object, found null"]],
    [{ name: "n", list: [{ iner: "x" }] }, ['list[0].iner: unknown key "iner" (did you mean "inner"?)']],
    [{ name: "n", kind: "c" }, ['kind: expected "a" or "b", found "c"']],
    [{ name: "n", texts: [1] }, ["texts[0]: expected text, found 1"]],
    [{ name: "n", table: [] }, ["table: expected an object, found a list"]],
    [{ name: "n", table: { one: { x: 1 } } }, ['table.one.x: unknown key "x"']],
    [JSON.parse('{"name":"n","table":{"constructor":{}}}'), ['table.constructor: unknown key "constructor"']],
    [{ name: "n", either: 1 }, ["either: expected x or a list"]],
    [{ name: "n", checked: "z" }, ["checked: expected y"]],
    [{ nam: "n" }, ['nam: unknown key "nam" (did you mean "name"?)', 'name: "name" is missing']],
  ])("%j: %j", (value, expected) => {
    expect(problems(value)).toEqual(expected);
  });

  it("a type that nothing has is told", () => {
    expect(problems("x", v.never())).toEqual([': expected never, found "x"']);
  });

  it("what the typed value lacks is no part of it: it is told", () => {
    const text = v.exactOptional(v.string());
    const lossy = v.pipe(
      v.strictObject({ a: text, lost: text }),
      v.transform(({ a }) => ({ a })),
    );
    expect(problems({ a: "x" }, lossy)).toEqual({ a: "x" });
    expect(problems({ a: "x", lost: "y" }, lossy)).toEqual(['lost: unknown key "lost"']);
    expect(problems([{ a: "x", lost: "y" }], v.array(lossy))).toEqual(['[0].lost: unknown key "lost"']);
  });
});
