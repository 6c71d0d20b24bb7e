import { normalName } from "../../src/ecosystems/names.ts";
import { indexRules, matchRule } from "../../src/policy/match.ts";
import { matches, piecesOf } from "../../src/policy/signers/pattern.ts";
import { layer, ref } from "../support/policy.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const deny = (pattern: string, versions?: string) => ({
  packages: [pattern],
  ...(versions === undefined ? { unsigned: "deny" } : { versions, unsigned: "deny" }),
});
const spoken = (patterns: readonly string[], name: string) => {
  const match = matchRule(layer({ rules: patterns.map((one) => deny(one)) }).policy, ref(name));
  return match.kind === "rule" ? match.name.split(" ")[1] : match.kind;
};

describe("which rule speaks", () => {
  it.each([
    [["npm:*", "npm:@acme/*", "npm:@acme/widget"], "npm:@acme/widget@1.0.0", "npm:@acme/widget"],
    [["npm:@acme/widget", "npm:@acme/*", "npm:*"], "npm:@acme/widgets@1.0.0", "npm:@acme/*"],
    [["npm:*", "npm:@acme/*"], "npm:@acme-evil/widget@1.0.0", "npm:*"],
    [["npm:@acme/*"], "npm:@acme-evil/widget@1.0.0", "none"],
    [["npm:widget"], "npm:Widget@1.0.0", "none"],
    [["npm:widget"], "npm:widget-evil@1.0.0", "none"],
    [["npm:widget*", "npm:widget"], "npm:widget@1.0.0", "npm:widget"],
    [["npm:widget*", "npm:wid*"], "npm:widget@1.0.0", "npm:widget*"],
    [["nuget:Acme.*"], "nuget:ACME.core@1.0.0", "nuget:Acme.*"],
    [["nuget:Acme.*"], "nuget:Acme@1.0.0", "none"],
    [["nuget:Acme.*"], "nuget:AcmeEvil@1.0.0", "none"],
    [["nuget:Kelvin"], "nuget:\u212Aelvin@1.0.0", "none"],
    [["pypi:My_Lib"], "pypi:my.lib@1.0", "pypi:My_Lib"],
    [["pypi:my-*"], "pypi:My__lib@1.0", "pypi:my-*"],
    [["pypi:widget"], "npm:widget@1.0.0", "none"],
  ])("%j for %s: %s", (patterns, name, expected) => {
    expect(spoken(patterns, name)).toBe(expected);
  });

  it.each([
    ["npm:widget", ">=2", "<2", "npm:widget@2.0.0", "rule"],
    ["npm:widget", ">=2", "<1", "npm:widget@1.5.0", "version"],
    ["npm:widget", ">=2", "<2", "npm:widget@2.0.0-rc.1", "version"],
    ["npm:widget", ">=2", "<2", "npm:widget@not-a-version", "version"],
    ["nuget:Widget", "[2.0,3.0)", "[1.5,2.5]", "nuget:Widget@2.2.0", "ambiguous"],
    ["pypi:widget", ">=2", "<=2", "pypi:widget@2.0", "ambiguous"],
  ])("%s %s and %s, %s: %s (a wider rule is never asked)", (pattern, one, other, name, kind) => {
    const rules = [deny(pattern, one), deny(pattern, other), deny(`${pattern.split(":")[0]}:*`)];
    expect(matchRule(layer({ rules }).policy, ref(name)).kind).toBe(kind);
  });

  it("a message names every rule that was asked", () => {
    const rules = [deny("npm:widget", ">=2"), deny("npm:widget", "<1")];
    const names = "rules[0] npm:widget, rules[1] npm:widget";
    expect(matchRule(layer({ rules }).policy, ref("npm:widget@1.5.0"))).toEqual({ kind: "version", name: names });
  });

  it("an index of this policy is what is asked", () => {
    const { policy } = layer({ rules: [deny("npm:widget")] });
    expect(matchRule(policy, ref("npm:widget@1.0.0"), { policy, byPattern: new Map() })).toEqual({ kind: "none" });
  });

  it("an index answers as the rules do, and one of another policy does not count", () => {
    const { policy } = layer({ rules: [deny("npm:@acme/*")] });
    const other = layer({ rules: [deny("npm:widget")] }).policy;
    for (const name of ["npm:@acme/widget@1.0.0", "npm:widget@1.0.0"]) {
      expect(matchRule(policy, ref(name), indexRules(policy))).toEqual(matchRule(policy, ref(name)));
      expect(matchRule(policy, ref(name), indexRules(other))).toEqual(matchRule(policy, ref(name)));
    }
  });

  it("a wider rule never decides where a narrower pattern matches the name", () => {
    const letters = fc
      .string({ unit: fc.constantFrom("a", "b", "-"), minLength: 1, maxLength: 6 })
      .map((text) => `x${text}y`);
    const cases = fc.record({
      name: letters,
      ecosystem: fc.constantFrom("npm", "pypi", "nuget"),
      cuts: fc.uniqueArray(fc.nat({ max: 8 }), { maxLength: 4 }),
      others: fc.array(letters, { maxLength: 3 }),
      exact: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ name, ecosystem, cuts, others, exact }) => {
        const beginnings = [...cuts.map((cut) => name.slice(0, cut)), ...others];
        const texts = [...beginnings.map((text) => `${text}*`), ...(exact ? [name] : [])].map(
          (text) => `${ecosystem}:${text}`,
        );
        const normal = (text: string) => normalName(ecosystem, text);
        const patterns = [...new Map(texts.map((text) => [normal(text), text])).values()];
        fc.pre(patterns.length > 0);
        const found = spoken(patterns, `${ecosystem}:${name}@1.0.0`);
        const matching = patterns.filter((text) =>
          text.endsWith("*")
            ? normal(`${ecosystem}:${name}`).startsWith(normal(text.slice(0, -1)))
            : normal(text) === normal(`${ecosystem}:${name}`),
        );
        const width = (text: string) => (text.endsWith("*") ? normal(text).length - 1 : Number.POSITIVE_INFINITY);
        const narrowest = [...matching].sort((left, right) => width(right) - width(left))[0];
        expect(found).toBe(narrowest ?? "none");
      }),
    );
  });
});

describe("patterns in claims", () => {
  it.each([
    ["refs/tags/v*", "refs/tags/v1.2.3", true],
    ["refs/tags/v*", "refs/tags/v", false],
    ["refs/tags/v*", "refs/tags/v1/x", false],
    ["refs/tags/v*", "refs/tags/v1.2.3\n", true],
    ["refs/tags/v*", "xrefs/tags/v1", false],
    ["refs/heads/release-*-lts", "refs/heads/release-1-lts", true],
    ["refs/heads/release-*-lts", "refs/heads/release--lts", false],
    ["refs/heads/main", "refs/heads/main2", false],
    ["refs/heads/main", "refs/heads/Main", false],
    ["a.c", "abc", false],
    ["(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", false],
  ])("%s against %j: %s", (pattern, text, expected) => {
    expect(matches(piecesOf(pattern), text)).toBe(expected);
  });

  const word = fc.string({ unit: fc.constantFrom("a", "b", "/", ".", "*"), maxLength: 8 });

  it("agree with an anchored expression", () => {
    fc.assert(
      fc.property(word, fc.string({ unit: fc.constantFrom("a", "b", "/", "."), maxLength: 10 }), (pattern, text) => {
        const escaped = pattern.replace(/\./g, "\\.").replace(/\*/g, "[^/]+");
        expect(matches(piecesOf(pattern), text)).toBe(new RegExp(`^(?:${escaped})$`).test(text));
      }),
    );
  });

  it("are anchored: what matches does not match with anything before or after a literal end", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (text, more) => {
        const pieces = [`${text}|`];
        expect(matches(pieces, `${text}|`)).toBe(true);
        expect(matches(pieces, `${text}|${more}`)).toBe(false);
        expect(matches(pieces, `${more}${text}|`)).toBe(more + text === text);
      }),
    );
  });

  it("take time in proportion to pattern and text, however they are chosen", () => {
    const pieces = piecesOf(`${"a*".repeat(200)}b`);
    expect(matches(pieces, "a".repeat(5_000))).toBe(false);
  });
});
