import { npmWords } from "../../../plugins/npm/npx.ts";
import { describe, expect, test } from "vitest";

/** Each as `bin/npx-cli.js` of npm 11 rewrites it. */
describe("npx is npm exec in another spelling", () => {
  test.each([
    ["", "exec"],
    ["cowsay", "exec -- cowsay"],
    ["cowsay -p x", "exec -- cowsay -p x"],
    ["-y cowsay hi", "exec --yes -- cowsay hi"],
    ["-p a -p b c", "exec --package a --package b -- c"],
    ["-p=a c", "exec --package=a -- c"],
    ["--package=a --call x", "exec --package=a --call x"],
    ["-c x", "exec --call x"],
    ["--no-install a", "exec --yes=false -- a"],
    ["--shell bash a", "exec --script-shell bash -- a"],
    ["--ignore-existing a", "exec -- a"],
    ["-n a b", "exec -- b"],
    ["--node-arg=x b", "exec -- b"],
    ["--registry http://npm.example a", "exec --registry http://npm.example -- a"],
    ["--strange value a", "exec --strange value -- a"],
    ["--strange --quiet a", "exec --strange --loglevel warn -- a"],
    ["-- -p a", "exec -- -p a"],
    ["-d a", "exec --loglevel info -- a"],
    ["--toString a b", "exec --toString a -- b"],
  ])("npx %s", (line, expected) => {
    expect(npmWords(line.split(" ").filter(Boolean), ["npx"]).join(" ")).toBe(expected);
  });

  test("npm's own words stay as they are", () => {
    expect(npmWords(["exec", "-p", "a"], ["npm"])).toEqual(["exec", "-p", "a"]);
  });
});
