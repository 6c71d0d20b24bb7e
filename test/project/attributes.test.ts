import { convertedIn } from "../../src/project/attributes.ts";
import { expect, it } from "vitest";

/** A git that says this, and is asked so. */
function gitSaying(text: string) {
  const asked: (string | undefined)[][] = [];
  const run = async (args: readonly string[], _input?: string, index?: string) => {
    asked.push([args[0], index]);
    return Buffer.from(args[0] === "check-attr" ? text : "");
  };
  return { asked, run };
}

const fields = (...all: readonly string[]) => all.map((one) => `${one}\0`).join("");

it("a commit's attributes are asked of an index of our own, and never of the repository's", async () => {
  const { asked, run } = gitSaying(fields("a", "filter", "lfs", "b", "text", "unspecified", "c", "eol", "unset"));
  expect([...(await convertedIn("c0ffee", ["a", "b", "c"], "/scratch/index", run))]).toEqual(["a"]);
  expect(asked).toEqual([
    ["read-tree", "/scratch/index"],
    ["check-attr", "/scratch/index"],
  ]);
});

it("the index's own are asked of itself", async () => {
  const { asked, run } = gitSaying(fields("a", "text", "set"));
  expect([...(await convertedIn(null, ["a"], "/scratch/index", run))]).toEqual(["a"]);
  expect(asked).toEqual([["check-attr", undefined]]);
});

it("nothing is asked about nothing", async () => {
  const { asked, run } = gitSaying("");
  expect((await convertedIn("c0ffee", [], "/scratch/index", run)).size).toBe(0);
  expect(asked).toEqual([]);
});
