/** What is built: nothing in it turns on a cache of compiled code, in whatever way it is written. */
import { BIN } from "../support/cli.ts";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

it("no built file speaks of a compile cache but to turn it off", () => {
  const dist = dirname(dirname(BIN));
  const built = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
  expect(built.length).toBeGreaterThan(200);
  const lines = built.flatMap((name) => {
    const code = readFileSync(join(dist, name), "utf8").replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
    return code.split("\n").filter((line) => /compile_?cache|cachedData/i.test(line));
  });
  expect(lines.map((line) => line.trim())).toEqual([
    'return env["NODE_COMPILE_CACHE"] === undefined ? { ...env, NODE_DISABLE_COMPILE_CACHE: "1" } : env;',
  ]);
});
