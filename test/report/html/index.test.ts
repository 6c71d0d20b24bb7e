import { toJson } from "../../../src/report/json.ts";
import type { JsonReport } from "../../../src/report/json-schema.ts";
import { draw, page } from "../../../src/report/html/index.ts";
import { allowed, denied, sampleReport } from "../../support/report.ts";
import { filledWith } from "../../support/filled-report.ts";
import { richReport, runBefore } from "../../support/rich-report.ts";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";

const MADE = { version: "1.2.3", now: new Date("2026-11-29T12:00:00Z") };
const rich = () => toJson(richReport(), { ...MADE, earlier: [runBefore(richReport())] });

/** Names of elements and of their attributes in the order of the page; of what stands in them nothing. */
function skeletonOf(text: string): readonly string[] {
  return [...text.matchAll(/<(\/?[\w!]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>/g)].map(([, name, attributes = ""]) =>
    [name, ...[...attributes.matchAll(/([\w-]+)(?:="[^"]*")?/g)].map(([, attribute]) => attribute)].join(" "),
  );
}

/** Each piece of text of a report, as what may be wrong with it. */
const HOSTILE = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  "</style></script><script>alert(1)</script>",
  "javascript:alert(1)",
  "<!-- --><svg onload=alert(1)>",
  "&lt;b&gt;&#60;i&#62;",
  "`${alert(1)}`",
];

const LINK = "https://e.example/\"onclick='alert(1)'><b>";

describe("the page", () => {
  it("has nothing in it that comes from a report but text: hostile names and claims change no element", async () => {
    const benign = skeletonOf(await page(filledWith(rich(), "x")));
    expect(benign.length).toBeGreaterThan(5000);
    for (const text of HOSTILE) expect(skeletonOf(await page(filledWith(rich(), text))), text).toEqual(benign);
    // Addresses are links, whatever else is in them.
    const linked = skeletonOf(await page(filledWith(rich(), "https://e.example/")));
    expect(skeletonOf(await page(filledWith(rich(), LINK)))).toEqual(linked);
  });

  it("whatever a text is", { timeout: 120_000 }, async () => {
    const small = toJson(sampleReport({ decisions: [allowed("a"), denied("b", "NO_RULE")] }), MADE);
    const benign = skeletonOf(await page(filledWith(small, "x")));
    const property = fc.asyncProperty(
      fc.string({ unit: "binary" }),
      fc.constantFrom("", "<b>", '"', "'>"),
      async (a, b) => {
        expect(skeletonOf(await page(filledWith(small, `x${a}${b}`)))).toEqual(benign);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it("admits its own script and style by their digests, and nothing else of any kind", async () => {
    const text = await page(filledWith(rich(), HOSTILE[3] ?? ""));
    const scripts = [...text.matchAll(/<script[^>]*>([^]*?)<\/script>/g)];
    const styles = [...text.matchAll(/<style[^>]*>([^]*?)<\/style>/g)];
    expect([scripts.length, styles.length]).toEqual([1, 1]);
    const hashOf = (found: RegExpMatchArray | undefined) =>
      `&#39;sha256-${createHash("sha256")
        .update(found?.[1] ?? "")
        .digest("base64")}&#39;`;
    const [, policy = ""] = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(text) ?? [];
    expect(policy.split("; ")).toEqual([
      "default-src &#39;none&#39;",
      `style-src ${hashOf(styles[0])}`,
      `script-src ${hashOf(scripts[0])}`,
      "base-uri &#39;none&#39;",
      "form-action &#39;none&#39;",
      "require-trusted-types-for &#39;script&#39;",
      "trusted-types &#39;none&#39;",
    ]);
    expect(text).not.toMatch(/<[^>]+\s(?:style|on\w+|src|srcdoc|action)=/);
    expect(text).not.toMatch(/<(?:link|img|iframe|object|embed|base|form|a\b[^>]*href="(?!#|https:))/);
  });

  it("the same script and style whatever is reported", async () => {
    const own = async (report: JsonReport) => (await page(report)).match(/<(script|style)>[^]*?<\/\1>/g);
    expect(await own(filledWith(rich(), HOSTILE[0] ?? ""))).toEqual(await own(toJson(sampleReport(), MADE)));
  });

  it("says what a person looks for", async () => {
    const text = textIn(await page(rich()));
    for (const said of [
      "Denied: nothing is installed",
      "80 % 200 of 250 packages with a verified publisher 13.1 points more than in the run of 2026-11-20 09:30 UTC",
      "200 publisher verified 80 %",
      "6 registry baseline",
      "38 pinned by hash",
      "1 exception, or unsigned as a rule allows",
      "6 denied",
      "NO_EVIDENCE 3 packages",
      "What settles it safe-install policy pin npm:fresh-tool",
      "node_modules/forked",
      "30 packages pinned by hash → becomes publisher verified",
      "built on a self-hosted runner: somebody's own machine",
      "exception for npm:@acme/legacy-build@1.0.0 excuses NO_EVIDENCE since 2026-09-01, approved by security@acme.example; lets 1 package in 2026-12-04 5",
      "rules[2] npm:legacy-* 2026-12-20 21",
      "trust root public-good 2031-03-01 1553",
      "npm:recorded-14@1.0.0 pinned by hash",
      "2 workspaces (yours) packages/app packages/site",
      "250 of 250 packages",
      "safe-install check , exit 66",
      `.signing-policy.json (enforce)`,
      "250 packages: 200 publisher verified, 6 registry baseline, 38 pinned by hash, 1 by an exception, 5 denied",
    ])
      expect(text).toContain(said);
  });

  it("in audit mode nothing is called verified, and nothing but that is denied", async () => {
    const report = sampleReport({
      decisions: [allowed("a"), denied("b", "NO_EVIDENCE", "audited")],
      unbound: [],
      outcome: "audited",
    });
    const text = textIn(await page(toJson(report, MADE)));
    expect(text).toContain("Let through by audit: nothing here is called verified");
    expect(text).toContain("1 of 2 packages by their pinned publisher");
    expect(text).not.toMatch(/publisher verified|verified publisher/);
    expect(text).toContain("What the policy would deny");
  });

  it("nothing to judge is a page, too", async () => {
    const text = textIn(await page(toJson(sampleReport({ decisions: [], unbound: [], outcome: "allowed" }), MADE)));
    expect(text).toContain("0 % 0 of 0 packages with a verified publisher");
    expect(text).toContain("0 of 0 packages");
  });

  it("draws each run as a column, in the order in which they were", async () => {
    const tally = { signed: 1, baseline: 0, pinned: 3, excepted: 0, audited: 0, denied: 0 };
    const run = { time: "2026-11-01T00:00:00Z", command: "check", exit: 0, packages: 4, tally };
    const later = { ...run, time: "2026-11-08T00:00:00Z", tally: { ...tally, signed: 3, pinned: 1 } };
    const trends = [{ name: "a.jsonl <b>", runs: [run, later] }];
    const text = await draw({ title: "two runs", report: rich(), trends });
    expect(textIn(text)).toContain("a.jsonl <b> 25 % → 75 % 2 runs");
    expect([...text.matchAll(/<rect class="signed" x="(\d+)" y="25.00"[^>]*height="75.00"/g)]).toHaveLength(1);
  });
});

/** What a screen reader would find, without what is only for eyes. */
function textIn(page: string): string {
  return page
    .replaceAll(/<(script|style)>[^]*?<\/\1>/g, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/\s+/g, " ");
}
