import { github } from "../../src/report/github.ts";
import { githubSummary } from "../../src/report/github-summary.ts";
import { printable } from "../../src/report/text.ts";
import { PLACES } from "../support/places.ts";
import { allowed, denied, sampleReport, withDenial } from "../support/report.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** As the runner reads a line (`ActionCommand.TryParseV2`): trimmed, `::name properties::data`. */
function runnerReads(line: string) {
  const match = /^\s*::(\S+?)(?: (.*?))?::(.*)$/s.exec(line);
  if (match === null) return null;
  const [, name, list = "", data = ""] = match;
  const entries = list
    .split(",")
    .filter(Boolean)
    .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const);
  const properties = Object.fromEntries(
    entries.map(([key, value]) => [key, unescape(value.replaceAll("%3A", ":").replaceAll("%2C", ","))]),
  );
  return { name, properties, data: unescape(data) };
}

function unescape(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

/** Anything, and often the signs of the runner's own grammar. */
const hostile = fc
  .tuple(fc.string({ unit: "binary" }), fc.constantFrom("", ",line=1", "::", ":", "%2C", "%0A::error::x"))
  .map((parts) => parts.join(""));

describe("github", () => {
  it("annotates the line of the lockfile", () => {
    expect(github(sampleReport({ unbound: [] }), PLACES)).toBe(
      "::error file=package-lock.json,line=25,title=UNTRUSTED_SIGNER npm%3A@acme/gadget@1.0.0::" +
        "signed, but not by a signer that the rule names%0A" +
        "repository: expected acme/gadget, found mallory/\\u{1b}[2Jgadget%0A" +
        "evidence: https://npm.example/-/npm/v1/attestations/@acme%252fgadget@1.0.0%0A" +
        "hint: safe-install check --report json\n",
    );
  });

  it("says nothing where all is let in", () => {
    expect(github(sampleReport({ decisions: [allowed("a")], unbound: [] }), PLACES)).toBe("");
  });

  it("shows ten of a kind, because GitHub drops the rest, and says how many there are", () => {
    const many = Array.from({ length: 14 }, (_, at) => denied(`p${at}`, "NO_RULE"));
    const lines = github(sampleReport({ decisions: many, unbound: [] }), PLACES)
      .trimEnd()
      .split("\n");
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe("::error::5 more reasons: see the summary of this job");
  });

  it("whatever a name holds, the runner reads one command with exactly our properties", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const [line = "", ...more] = github(withDenial(text), PLACES).trimEnd().split(/\r?\n/);
        const read = runnerReads(line);
        expect(more).toEqual([]);
        expect(read).toMatchObject({ name: "error", properties: { title: printable(`GIT_DEPENDENCY ${text}`) } });
        expect(Object.keys(read?.properties ?? {})).toEqual(["file", "line", "title"]);
        expect(read?.data.split("\n")[0]).toBe(printable(text));
      }),
    );
  });
});

describe("github step summary", () => {
  it("has the figures and a table; text from outside is only text", () => {
    const summary = githubSummary(withDenial("a|b <script> @octocat [x](https://e.example) `c`"), PLACES);
    const row = summary.split("\n").find((line) => line.includes("GIT_DEPENDENCY"));
    expect(row?.match(/\|/g)).toHaveLength(5);
    expect(summary).not.toMatch(/<script|@octocat|\]\(|https:|`c/);
    expect(summary).toContain("## ❌ safe-install npm ci: denied");
  });

  it("stays below GitHub's bound", () => {
    const many = Array.from({ length: 5000 }, (_, at) => denied(`p${at}`, "NO_RULE"));
    const summary = githubSummary(sampleReport({ decisions: many, unbound: [] }), PLACES);
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
    expect(summary).toContain("4800 more reasons");
  });
});
