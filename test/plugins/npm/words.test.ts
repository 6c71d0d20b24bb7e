import npmDefinitions from "@npmcli/config/lib/definitions/index.js";
import npmTypeDefs from "@npmcli/config/lib/type-defs.js";
import { parseWords } from "../../../plugins/npm/words.ts";
import fc from "fast-check";
import nopt from "nopt";
import { expect, test } from "vitest";

const types = Object.fromEntries(Object.entries(npmDefinitions.definitions).map(([key, { type }]) => [key, type]));

function asNpm(args: readonly string[]) {
  const { argv, ...options } = nopt.lib.nopt([...args], {
    types,
    shorthands: npmDefinitions.shorthands,
    typeDefs: npmTypeDefs,
  });
  return { positional: argv.remain, options };
}

test("every line is read as npm's own parser reads it, with options or without", () => {
  const word = fc.constantFrom("", "-", "--", "---", "ci", "x", "true", "false", "a=b", "no-global", "-g", "--global");
  const other = fc.constantFrom("--omit", "--loglevel", "--no-audit", "-ddd", "--strange", "\u2014global", " --global");
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 3, arbitrary: word }, other, fc.string()), { maxLength: 5 }), (args) => {
      const { positional, options } = parseWords(args);
      expect({ positional, options }).toEqual(asNpm(args));
    }),
    { numRuns: 500 },
  );
});
