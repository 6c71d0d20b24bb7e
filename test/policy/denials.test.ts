import type { Denial } from "../../src/model/codes.ts";
import {
  ambiguous,
  deniedByRule,
  noEvidence,
  noRule,
  notEnough,
  notOldEnough,
  ruleExpired,
  untrusted,
  versionNotCovered,
} from "../../src/policy/denials.ts";
import type { Pair } from "../../src/policy/ruling.ts";
import { attestation } from "../support/attestation.ts";
import { FOREIGN, facts, layer, signedBy, verified } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const FACTS = facts("npm:@acme/widget@2.1.0");
const ruleOf = ({ hint = "" }: Denial): unknown => JSON.parse(hint.slice(hint.indexOf("{")));
const KEY = { kind: "key", fingerprint: "sha256:x", usage: "npm:signatures" } as const;

describe("no evidence", () => {
  it("a source that could not be asked comes first, and is told of by its place", () => {
    const unavailable = [{ location: "https://npm.example/a", reason: "503" }];
    expect(noEvidence({ ...FACTS, unavailable }, "a signature")).toEqual({
      code: "EVIDENCE_UNAVAILABLE",
      message: "unavailable: nobody can say whether there is a signature: 503",
      details: [],
      location: "https://npm.example/a",
      hint: "run it again when the source answers; nothing was installed",
    });
  });

  it.each([
    ["a signature", "found no signature"],
    ["an attestation", "found no attestation"],
    ["SLSA provenance", "found no SLSA provenance"],
    ["what a publisher says", "found no what a publisher says"],
  ])("%s: %s", (wanted, message) => {
    expect(noEvidence(FACTS, wanted)).toMatchObject({ code: "NO_EVIDENCE", message, details: [] });
  });

  it("what was found instead is named, each kind once", () => {
    const spdx = { predicateType: "https://spdx.dev/Document" };
    const verdicts = [signedBy({}, spdx), signedBy({}, spdx), verified({ signer: KEY, predicateType: null }), FOREIGN];
    expect(noEvidence({ ...FACTS, verdicts }, "a signature").message).toBe(
      "found no signature, only https://spdx.dev/Document, a registry's signature, a foreign bundle",
    );
    const bare = [verified({ predicateType: null })];
    expect(noEvidence({ ...FACTS, verdicts: bare }, "SLSA provenance").message).toBe(
      "found no SLSA provenance, only a signature over the file",
    );
  });

  it("a companion that was asked for is missing: told of, for it can get lost alone", () => {
    const asked = [{ kind: "own" }, { kind: "companion", template: "{id}.Sigstore" }] as const;
    expect(noEvidence({ ...facts("nuget:Acme.Widget@2.1.0"), asked }, "a signature").details).toEqual([
      {
        name: "companion",
        expected: "Acme.Widget.Sigstore 2.1.0, in the feed of the package",
        found: "no such package: never pushed, or deleted (retention)",
      },
    ]);
    expect(noEvidence(FACTS, "a signature").details).toEqual([]);
  });

  it("the command that it suggests excepts this one version", () => {
    expect(noEvidence(FACTS, "a signature").hint).toBe(
      'if it may be installed without, after review: safe-install policy except @acme/widget@2.1.0 --code NO_EVIDENCE --reason "..." --days 30 --write',
    );
  });
});

describe("another's signature", () => {
  const pairOf = (...mismatches: Pair["mismatches"]): Pair => ({
    signer: "widget",
    attestation: attestation(),
    location: "x",
    signedAt: null,
    mismatches,
  });
  const one = (name: string, expected = "a") => ({ name, expected, found: "b" });
  const namesOf = (...mismatches: Pair["mismatches"]) =>
    untrusted(FACTS, pairOf(...mismatches), ["widget"]).details.map(({ name }) => name);

  it("one signer is named alone, several with the closest", () => {
    expect(untrusted(FACTS, pairOf(one("ref")), ["widget"])).toEqual({
      code: "UNTRUSTED_SIGNER",
      message: 'signed, but not by "widget"',
      details: [one("ref")],
      location: "x",
      hint: "safe-install explain pkg:npm/%40acme/widget@2.1.0",
    });
    expect(untrusted(FACTS, pairOf(), ["widget", "second"]).message).toBe(
      'signed, but not by any of "widget", "second"; closest to "widget"',
    );
  });

  it.each(["repository", "project"])("a whole path says nothing more beside another %s", (name) => {
    expect(namesOf(one(name), one("workflow", "https://github.com/acme/widget/x.yml"), one("ref"))).toEqual([
      name,
      "ref",
    ]);
    expect(namesOf(one(name), one("workflow", "x.yml"))).toEqual([name, "workflow"]);
    expect(namesOf(one(name), one("ref", "https://x.example"))).toEqual([name, "ref"]);
  });

  it("a whole path stays where nothing else says it", () => {
    expect(namesOf(one("ref"), one("workflow", "https://github.com/acme/widget/x.yml"))).toEqual(["ref", "workflow"]);
  });
});

describe("number and age", () => {
  it("who could still sign is named", () => {
    expect(notEnough(2, ["a", "b", "c"], ["b"])).toEqual({
      code: "COUNT_NOT_MET",
      message: "2 different signers are asked for, each with a bundle and a key of its own",
      details: [{ name: "signers", expected: "2 of a, b, c", found: "b" }],
      hint: "have it signed by a or c as well",
    });
    expect(notEnough(2, ["a"], ["a"]).hint).toBe("have it signed by another of them as well");
    expect(notEnough(1, ["a"], []).details[0]?.found).toBe("none");
  });

  it("too young, or without a time", () => {
    expect(notOldEnough("7d", new Date("2026-11-20T00:00:00Z"))).toEqual({
      code: "TOO_NEW",
      message: "younger than the rule's minimumAge",
      details: [{ name: "minimumAge", expected: "7d", found: "2026-11-20T00:00:00.000Z" }],
      hint: "wait, or use an older version",
    });
    expect(notOldEnough("7d", null)).toEqual({
      code: "TOO_NEW",
      message: "no verified time says when it was signed, and the rule has a minimumAge",
      details: [{ name: "minimumAge", expected: "7d", found: "(no verified time)" }],
      hint: "use a signer whose bundles carry a log entry or a timestamp",
    });
  });
});

describe("what the rules themselves deny", () => {
  const LAYER = layer({});

  it("no rule: one that could be added", () => {
    const denial = noRule(LAYER, FACTS);
    expect(denial).toMatchObject({ code: "NO_RULE", details: [] });
    expect(ruleOf(denial)).toEqual({ packages: ["npm:@acme/widget"], signedBy: ["..."] });
  });

  it.each([
    ["rules[0] a", "rules[0] a of .signing-policy.json is for"],
    ["rules[0] a, rules[1] a", "rules[0] a, rules[1] a of .signing-policy.json are for"],
  ])("%s: another version", (rules, beginning) => {
    const denial = versionNotCovered(LAYER, rules, FACTS);
    expect(denial).toMatchObject({ code: "NO_RULE", details: [] });
    expect(denial.message.startsWith(beginning)).toBe(true);
  });

  it.each([
    ["RULE_AMBIGUOUS", ambiguous(LAYER, "rules[0] a, rules[1] a")],
    ["RULE_EXPIRED", ruleExpired({ packages: ["npm:*"], expires: "2026-01-01" }, "rules[0] npm:*")],
    ["DENIED_BY_RULE", deniedByRule("rules[0] npm:*", FACTS)],
  ])("%s", (code, denial) => {
    expect(denial).toMatchObject({ code, details: [] });
    expect(denial.hint).toBeTruthy();
  });
});
