import { asJson, paintFor, printable, shortDigests, wrap, wrapCommands } from "../../src/report/text.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("printable", () => {
  it.each([
    ["\u001b[2J", "\\u{1b}[2J"],
    ["a\nb\r", "a\\u{a}b\\u{d}"],
    ["\u009b31m", "\\u{9b}31m"],
    ["\u202Egpj.exe", "\\u{202e}gpj.exe"],
    ["\u2028", "\\u{2028}"],
    ["\ud800", "\\u{d800}"],
    ["Bücher @acme/widget 日本", "Bücher @acme/widget 日本"],
  ])("%j becomes %j", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("no control character survives", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe("paintFor", () => {
  const terminal = { write: () => {}, isTTY: true, columns: 80 };
  const pipe = { ...terminal, isTTY: false };
  it.each([
    [terminal, {}, true],
    [terminal, { NO_COLOR: "1" }, false],
    [terminal, { NO_COLOR: "" }, true],
    [terminal, { TERM: "dumb" }, false],
    [terminal, { FORCE_COLOR: "0" }, false],
    [pipe, {}, false],
    [pipe, { FORCE_COLOR: "1" }, true],
  ])("%j %j", (screen, env, coloured) => {
    expect(paintFor(screen, env)("red", "x") !== "x").toBe(coloured);
  });
});

describe("wrap", () => {
  it("breaks at spaces and indents what follows", () => {
    expect(wrap("one two three four", 12, "    ")).toBe("one two\n    three\n    four");
  });
  it("leaves a long word whole", () => {
    expect(wrap("https://npm.example/a/very/long/path x", 10, "")).toBe("https://npm.example/a/very/long/path\nx");
  });
});

describe("in a CI log", () => {
  it.each([
    ["##vso[task.setvariable variable=x]y", "#\\u{23}vso[task.setvariable variable=x]y"],
    ["a ##VSO[b]", "a #\\u{23}VSO[b]"],
    ["##[add-mask]x", "#\\u{23}[add-mask]x"],
    ["###[x]", "##\\u{23}[x]"],
    ["::stop-commands::x", "\\u{3a}:stop-commands::x"],
    ["see ::error::x", "see \\u{3a}:error::x"],
    ["a::b # ## c", "a::b # ## c"],
  ])("%j is shown as %j", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("JSON holds the same value and no command", () => {
    const value = { found: "##vso[task.complete]", other: "##[x]" };
    expect(asJson(value)).not.toMatch(/##vso\[|##\[/);
    expect(JSON.parse(asJson(value))).toEqual(value);
  });
});

it("digests are shortened for people, and nothing else is", () => {
  const hex = "0123456789abcdef".repeat(8);
  expect(shortDigests(`x sha512:${hex}, sha256:${hex.slice(0, 64)}`)).toBe(
    "x sha512:012345…bcdef, sha256:012345…bcdef",
  );
  for (const text of [hex, `sha1:${hex.slice(0, 40)}`, "sha256:abc", `md5:${hex}`])
    expect(shortDigests(text)).toBe(text);
});

it("a command of ours is never broken: it is there to be copied", () => {
  const text =
    "after review: safe-install policy pin left-pad --write -- npm install left-pad@1.2.0, or write it by hand";
  expect(wrapCommands(text, 40, "  ").split("\n")).toEqual([
    "after review:",
    "  safe-install policy pin left-pad --write -- npm install left-pad@1.2.0,",
    "  or write it by hand",
  ]);
});
