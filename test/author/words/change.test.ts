import { differenceText, initCommand, lineDiff, pinCommand } from "../../../src/author/words/change.ts";
import { ref } from "../../support/policy.ts";
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

const of = (...command: string[]) => pinCommand([], { command, policy: null });

describe("a command line to copy", () => {
  it("repeats what was typed, and where the policy is", () => {
    expect(of("npm", "install", "left-pad")).toBe("safe-install policy pin --write -- npm install left-pad");
    expect(pinCommand(["@acme/w"], { command: null, policy: "ci/policy.json" })).toBe(
      "safe-install policy pin --policy ci/policy.json @acme/w --write",
    );
  });

  it("of a first policy", () => {
    expect(initCommand({ command: ["npm", "install", "left-pad"], policy: null })).toBe(
      "safe-install init -- npm install left-pad",
    );
  });

  it.each([
    "w@^1.0.0",
    "@acme/w@~2",
    "w@>=1 <3",
    "it's",
    "$(touch x)",
    "`id`",
    "a;b|c&d",
    "~/x",
    "*",
    '"',
    "",
    "js-tokens",
    "#x",
  ])("a shell gives back %j", (word) => {
    const line = of("npm", "install", word).replace("safe-install", "printf '%s\\0'");
    const words = execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" }).split("\0").slice(0, -1);
    expect(words).toEqual(["policy", "pin", "--write", "--", "npm", "install", word]);
  });

  it.each([
    "--//npm.example/:_authToken=s3cret",
    "--_auth=s3cret",
    "--index-url=https://user:s3cret@pypi.example/simple",
    "https://pypi.example/simple?key=s3cret",
    "--password=s3cret",
    "--password",
    "user:s3cret@proxy.example:3128",
    "--proxy=user:s3cret@proxy.example",
  ])("%s is not repeated", (word) => {
    expect(of("npm", "install", "w", word)).toBe("safe-install policy pin --write -- THE SAME COMMAND");
  });

  it("an alias is no credential", () => {
    expect(of("npm", "install", "w@npm:@acme/w@1.0.0", "v@npm:v@2")).toContain("w@npm:@acme/w@1.0.0 v@npm:v@2");
  });

  it("shows no control character", () => {
    expect(of("npm", "install", "w\u001b[2J")).not.toContain("\u001b");
  });
});

it("digests whose ends agree are shown whole", () => {
  const recorded = (middle: string) => `["sha512:aaaaaa${middle.repeat(117)}fffff"]`;
  const shown = lineDiff(recorded("0"), recorded("1"), "r.json", (_, text) => text);
  expect(shown).toBe(`--- r.json\n- ${recorded("0")}\n+ ${recorded("1")}\n`);
});

it("a change is shown with its digests as a person compares them", () => {
  const recorded = (letter: string) => `"pkg:npm/w@1.0.0": ["sha512:${letter.repeat(128)}"]`;
  expect(lineDiff(recorded("a"), recorded("b"), "r.json", (_, text) => text)).toBe(
    '--- r.json\n- "pkg:npm/w@1.0.0": ["sha512:aaaaaa…aaaaa"]\n+ "pkg:npm/w@1.0.0": ["sha512:bbbbbb…bbbbb"]\n',
  );
});

it("what changes alike is said once, with its names where they are few", () => {
  const change = (name: string, after: string) =>
    ({ kind: "allows", package: ref(`npm:${name}@1.0.0`), before: "no policy", after }) as const;
  const many = Array.from({ length: 69 }, (_, at) => change(`p${at}`, "pinned by hash"));
  const found = [...many, change("a", "signed by w"), change("b", "signed by w")];
  const text = differenceText({ revision: "HEAD~1", found, said: [], packages: 80 }, (_, of) => of, 80);
  expect(text).toBe(`newly allowed: 71 packages
  69 packages
      npm:p0@1.0.0, npm:p1@1.0.0, npm:p2@1.0.0 and 66 more
      before  no policy
      now     pinned by hash
  npm:a@1.0.0, npm:b@1.0.0
      before  no policy
      now     signed by w

since HEAD~1: 9 packages of 80 as before
`);
});
