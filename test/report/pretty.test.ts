import { pretty } from "../../src/report/pretty.ts";
import { allowed, denied, sampleReport } from "../support/report.ts";
import { describe, expect, it } from "vitest";

const plain = (_: string, text: string) => text;

describe("pretty", () => {
  it("says what was expected, what was found, where, and what to do", () => {
    expect(pretty(sampleReport(), plain, 80)).toMatchInlineSnapshot(`
      "✗ node_modules/forked   GIT_DEPENDENCY
          a git dependency has no archive that could be proven

      ✗ npm:@acme/gadget@1.0.0   UNTRUSTED_SIGNER
          signed, but not by a signer that the rule names
          repository  expected  acme/gadget
                      found     mallory/\\u{1b}[2Jgadget
          evidence  https://npm.example/-/npm/v1/attestations/@acme%2fgadget@1.0.0
          hint      safe-install check --report json

      safe-install npm ci  package-lock.json  under .signing-policy.json
        note  the exception for pkg:npm/old@1.0.0 expires in 7 days
        2 packages: 1 publisher verified, 1 denied
        roll-out: 50 % of the packages by their pinned publisher
        reasons: 1 GIT_DEPENDENCY, 1 UNTRUSTED_SIGNER
        not judged: 1 workspaces (yours): packages/app
        with install scripts: npm:widget@1.0.0
      ✗ 2 packages denied; nothing was installed, nothing was changed
        more: safe-install explain UNTRUSTED_SIGNER
        more: safe-install explain GIT_DEPENDENCY
      "
    `);
  });

  it("several files of one package are one package", () => {
    const wheel = (digest: string) => {
      const one = denied("numpy", "NO_RULE");
      const digests = [{ algorithm: "sha256", hex: digest.repeat(64) }] as const;
      return { ...one, artifact: { ...one.artifact, locations: [digest], subjectNames: [`${digest}.whl`], digests } };
    };
    const decisions = [wheel("a"), wheel("b"), wheel("c"), allowed("six")];
    const text = pretty(sampleReport({ decisions, unbound: [] }), plain, 80);
    expect(text).toContain("✗ npm:numpy@1.0.0 (3 files)   NO_RULE");
    expect(text).toMatch(/ {4}file {6}a\.whl sha256:a{6}…a{5}\n {14}b\.whl sha256:b{6}…b{5}\n {14}c\.whl sha256:c{6}…/);
    expect(text).toContain("  2 packages, 4 files: 1 publisher verified, 3 denied\n");
    expect(text).toContain("roll-out: 25 % of the files by their pinned publisher");
    expect(text).toContain("✗ 1 package denied;");
  });

  it("leaves no gap where there is no lock", () => {
    expect(pretty(sampleReport({ lockfile: null }), plain, 80)).toContain(
      "safe-install npm ci  under .signing-policy.json\n",
    );
  });

  it("counts by code what would fill the screen", () => {
    const many = Array.from({ length: 40 }, (_, index) => denied(`p${index}`, "NO_RULE"));
    const text = pretty(sampleReport({ decisions: many, unbound: [] }), plain, 80);
    expect(text.match(/✗ npm:p/g)).toHaveLength(25);
    expect(text).toContain("15 more reasons: 15 NO_RULE; all of them with --report json");
  });

  // A mirror that passes nothing on was one fact in a note, and then once more of each package.
  it("says once that a place has nothing, and of others what they lack", () => {
    const bare = Array.from({ length: 20 }, (_, at) => {
      const one = denied(`p${at}`, "NO_EVIDENCE");
      const details = [{ name: "signer", expected: `acme/p${at}`, found: "none" }];
      return { ...one, denials: one.denials.map((denial) => ({ ...denial, details })) };
    });
    const unserved = bare.map(({ artifact }) => artifact.package.purl);
    const decisions = [...bare, denied("other", "NO_EVIDENCE"), denied("p0", "NO_RULE")];
    const text = pretty(sampleReport({ decisions, unbound: [], unserved }), plain, 80);
    expect(text.match(/ {3}NO_EVIDENCE\n/g)).toHaveLength(2);
    expect(text).toContain("✗ npm:p0@1.0.0 and 19 more packages   NO_EVIDENCE\n");
    expect(text).toContain("✗ npm:other@1.0.0   NO_EVIDENCE\n");
    expect(text).toContain("✗ npm:p0@1.0.0   NO_RULE\n");
    expect(text).not.toContain("acme/p");
  });

  it("says once that a place is down, whatever it was asked about", () => {
    const denial = {
      code: "EVIDENCE_UNAVAILABLE",
      message: "down",
      details: [],
      location: "https://x.example",
    } as const;
    const down = Array.from({ length: 20 }, (_, at) => ({
      ...denied(`p${at}`, "EVIDENCE_UNAVAILABLE"),
      denials: [denial],
    }));
    const other = { ...denied("q", "EVIDENCE_UNAVAILABLE"), denials: [{ ...denial, location: "https://y.example" }] };
    const text = pretty(sampleReport({ decisions: [...down, other], unbound: [] }), plain, 80);
    expect(text.match(/✗ npm:/g)).toHaveLength(2);
    expect(text).toContain("✗ npm:p0@1.0.0 and 19 more packages   EVIDENCE_UNAVAILABLE\n");
    expect(text).toContain("✗ npm:q@1.0.0   EVIDENCE_UNAVAILABLE\n");
    const few = pretty(sampleReport({ decisions: down.slice(0, 3), unbound: [] }), plain, 80);
    expect(few).toContain("✗ npm:p0@1.0.0, npm:p1@1.0.0, npm:p2@1.0.0   EVIDENCE_UNAVAILABLE\n");
  });

  it("never calls anything verified under audit", () => {
    const text = pretty(
      sampleReport({ decisions: [denied("p", "NO_EVIDENCE", "audited")], unbound: [], outcome: "audited", exit: 0 }),
      plain,
      80,
    );
    expect(text).toContain("! npm:p@1.0.0");
    expect(text).toContain("let through although the policy would deny");
    expect(text).not.toContain("✓");
  });

  it("says how many publishers were verified first, also none; no tick stands over zero proof", () => {
    const shown = (kind: "recorded" | "unsigned" | "baseline") => {
      const layers = allowed("p").layers.map((layer) => ({ ...layer, ground: { kind } }) as typeof layer);
      const decisions = [{ ...allowed("p"), layers }];
      return pretty(sampleReport({ decisions, unbound: [], outcome: "allowed", exit: 0 }), plain, 80);
    };
    expect(shown("recorded")).toContain("  1 package: 0 publisher verified, 1 pinned by hash\n");
    expect(shown("recorded")).toContain("! 0 of 1 have a verified publisher; 1 pinned by hash (trust on first use)\n");
    expect(shown("unsigned")).toContain("  1 package: 0 publisher verified, 1 unsigned, as a rule allows\n");
    expect(shown("unsigned")).toContain("! every package is allowed by a rule; nothing was proven\n");
    expect(shown("unsigned")).not.toContain("✓");
    expect(shown("baseline")).toContain("✓ every package is allowed by a rule\n");
  });

  describe("over nothing it never speaks of every package", () => {
    const unchanged = { kind: "unchanged", name: "npm:widget@1.0.0" } as const;
    const omitted = { kind: "omitted", name: "node_modules/widget", detail: "dev" } as const;
    it.each([
      ["no package at all", [], "- nothing to judge: no package"],
      ["all of them left out by --omit", [omitted], "- nothing to judge: no package"],
      ["none of them changed", [unchanged], "- nothing to judge: no package has changed"],
    ])("%s", (_, notGated, expected) => {
      const nothing = sampleReport({ decisions: [], unbound: [], notGated, outcome: "allowed", exit: 0 });
      const text = pretty(nothing, plain, 80);
      expect(text).toContain(expected);
      expect(text).not.toContain("every");
    });

    it("what --omit leaves out is named", () => {
      const some = sampleReport({ unbound: [], notGated: [omitted], outcome: "allowed", exit: 0 });
      expect(pretty(some, plain, 80)).toContain("not judged: 1 left out by omit: node_modules/widget");
    });
  });

  it("lets no control character through", () => {
    // eslint-disable-next-line no-control-regex
    expect(pretty(sampleReport(), plain, 80)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});
