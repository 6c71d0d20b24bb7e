import { takeCommonWords } from "../src/everywhere.ts";
import type { Runtime } from "../src/runtime.ts";
import { expect, it } from "vitest";

function taken(...argv: string[]) {
  let shown = "";
  const stdout = { write: (text: string) => void (shown += text), isTTY: true, columns: 80 };
  const given = { env: { FORCE_COLOR: "1", A: "a" }, stdout } as unknown as Runtime;
  const { argv: left, runtime } = takeCommonWords(argv, given);
  runtime.stdout.write("said");
  return { left, env: runtime.env, shown, json: runtime.json };
}
const COLOURLESS = { A: "a", NO_COLOR: "1", FORCE_COLOR: undefined };

it.each([
  [
    ["--no-color", "npm", "ci"],
    ["npm", "ci"],
  ],
  [
    ["check", "--no-color", "a.json"],
    ["check", "a.json"],
  ],
  [
    ["verify", "x.tgz", "--no-color"],
    ["verify", "x.tgz"],
  ],
  [["--no-color"], []],
])("%j has no colours", (argv, left) => {
  expect(taken(...argv)).toEqual({ left, env: COLOURLESS, shown: "said", json: undefined });
});

it.each([
  [["npm", "ci", "--no-color"]],
  [["npx", "tool", "-q"]],
  [["init", "--", "npm", "install", "--no-color"]],
  [["-q", "check"]],
])("%j: what is an installer's, or a command's own, stays", (argv) => {
  expect(taken(...argv)).toEqual({ left: argv, env: { FORCE_COLOR: "1", A: "a" }, shown: "said", json: undefined });
});

it.each([[["cache", "-q"]], [["trust", "show", "--quiet"]], [["verify", "-q", "x"]]])("%j says nothing", (argv) => {
  const { left, shown } = taken(...argv);
  expect({ left, shown }).toEqual({ left: argv.filter((word) => !word.startsWith("-")), shown: "" });
});

it.each([
  [
    ["check", "--json"],
    ["check", "--report=json"],
  ],
  [
    ["--json", "npm", "ci"],
    ["--report=json", "npm", "ci"],
  ],
  [["--json"], ["--report=json"]],
  [
    ["policy", "lint", "--json"],
    ["policy", "lint"],
  ],
  [
    ["verify", "--json", "x"],
    ["verify", "x"],
  ],
  [
    ["trust", "show", "--json"],
    ["trust", "show"],
  ],
  [
    ["--json", "trust", "show"],
    ["trust", "show"],
  ],
  [["help", "--json"], ["help"]],
])("%j is answered in JSON", (argv, left) => {
  expect(taken(...argv)).toMatchObject({ left, json: true });
});

it("an installer's own --json is the installer's", () => {
  expect(taken("npm", "ls", "--json")).toMatchObject({ left: ["npm", "ls", "--json"], json: undefined });
});

it.each([
  [["--log", "--verbose", "npx", "pip", "install", "left-pad"]],
  [["--policy", "--json", "npm", "ci"]],
  [["check", "--log", "--no-color"]],
])("%j: what stands where a value is expected is left to the strict reader", (argv) => {
  expect(taken(...argv)).toMatchObject({ left: argv, json: undefined, env: { FORCE_COLOR: "1" } });
});
