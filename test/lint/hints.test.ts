/** Whatever a message of ours tells people to type is of a form that a test types (`test/support/hints.ts`). */
import { commandsIn, FORMS, hintsIn } from "../support/hints.ts";
import { parseCommandLine } from "../../src/options.ts";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
const sources = execFileSync("git", ["ls-files", "src", "plugins"], { cwd: ROOT, encoding: "utf8" })
  .split("\n")
  // Pages of help are pages: test/help.test.ts.
  .filter((path) => path.endsWith(".ts") && !/^src\/help\/[a-z]+\.ts$/.test(path) && existsSync(join(ROOT, path)));

/** Texts as they are printed, with what is only known then as a word. */
function textsOf(source: string): readonly string[] {
  const code = source.replaceAll(/\/\*[^]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
  const literals = code.match(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g) ?? [];
  return literals.map((literal) =>
    literal
      .slice(1, -1)
      .replaceAll(/\$\{[^}]*\}|\{name\}/g, "NAME")
      .replaceAll("\\n", "\n")
      .replaceAll(/\\(.)/g, "$1"),
  );
}

const named = sources.flatMap((path) => {
  const texts = textsOf(readFileSync(join(ROOT, path), "utf8")).filter((text) => text.includes("safe-install "));
  return texts.map((text) => ({ path, text }));
});

describe("a command that a message names", () => {
  it("is of a known form, wherever it stands", () => {
    const strange = named.flatMap(({ path, text }) => {
      try {
        commandsIn(text);
        return [];
      } catch (error) {
        return [`${path}: ${(error as Error).message}`];
      }
    });
    expect(strange).toEqual([]);
    expect(named.flatMap(({ text }) => commandsIn(text)).length).toBeGreaterThan(50);
  });

  it.each(FORMS)("is a command: %s", (form) => {
    const words = form
      .replaceAll(/\[(.*?)\]/g, "$1")
      .replace("COMMAND", "npm install left-pad")
      .split(" ")
      .slice(1);
    expect(() => parseCommandLine(words)).not.toThrow();
  });
});

describe("what is found in a text", () => {
  it.each([
    ["safe-install policy pin @acme/w --write, or add", "safe-install policy pin @acme/w --write"],
    ["safe-install init writes a first one; to watch", "safe-install init"],
    ["more: safe-install explain NO_RULE", "safe-install explain NO_RULE"],
    [
      "safe-install policy pin a --write -- npm install 'a b', or add to",
      "safe-install policy pin a --write -- npm install 'a b'",
    ],
  ])("%s", (text, command) => {
    expect(commandsIn(text).map((one) => one.command)).toEqual([command]);
  });

  it.each([
    "safe-install chek",
    "safe-install policy pni x",
    "safe-install policy pin --wirte",
    "safe-install explain",
  ])("%s is found out", (text) => {
    expect(() => commandsIn(text)).toThrow("no known form");
  });

  it("hints, as people and machines get them", () => {
    const screen =
      "✗ CODE  m\n  hint  safe-install init\n    hint      after review:\n              safe-install check\n  more: a";
    expect(hintsIn(screen)).toEqual(["safe-install init", "after review: safe-install check", "a"]);
    expect(hintsIn('{ "hint": "say \\"x\\"" }')).toEqual(['say "x"']);
  });
});
