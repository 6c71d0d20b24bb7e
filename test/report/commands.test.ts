import { azure } from "../../src/report/azure.ts";
import { github } from "../../src/report/github.ts";
import { githubSummary } from "../../src/report/github-summary.ts";
import type { Denial } from "../../src/model/codes.ts";
import { asJson, printable } from "../../src/report/text.ts";
import { PLACES } from "../support/places.ts";
import { allowed, denied, sampleReport } from "../support/report.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const denial = (message: string, found = "x"): Denial => ({
  code: "GIT_DEPENDENCY",
  message,
  details: [{ name: "repository", expected: "acme/widget", found }],
});
const withDenial = (text: string, found = "x") =>
  sampleReport({ decisions: [], unbound: [{ package: null, location: text, denial: denial(text, found) }] });

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

/** As the agent reads a line (`Command.TryParse`): the first `##vso[area.event properties]data`. */
function agentReads(line: string) {
  const match = /##vso\[(\S+?)(?: (.*?))?\](.*)$/s.exec(line);
  if (match === null) return null;
  const [, name, list = "", data = ""] = match;
  const entries = list
    .split(";")
    .filter(Boolean)
    .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const);
  const decode = (text: string) =>
    unescape(text.replaceAll("%3B", ";").replaceAll("%5D", "]").replaceAll("%AZP25", "%25"));
  return {
    name,
    properties: Object.fromEntries(entries.map(([key, value]) => [key, decode(value)])),
    data: decode(data),
  };
}

function unescape(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

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
      fc.property(fc.string({ unit: "binary" }), (text) => {
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

describe("azure", () => {
  it("logs an issue at the line of the lockfile", () => {
    expect(azure(sampleReport({ decisions: [] }), PLACES)).toBe(
      "##vso[task.logissue type=error;sourcepath=package-lock.json;linenumber=19;code=GIT_DEPENDENCY;]" +
        "node_modules/forked%0Aa git dependency has no archive that could be proven\n",
    );
  });

  it("what audit lets through is a warning", () => {
    const report = sampleReport({ decisions: [denied("p", "NO_RULE", "audited")], unbound: [] });
    expect(azure(report, PLACES)).toContain("type=warning;");
  });

  it("whatever a name holds, the agent reads one command with exactly our properties", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.constantFrom("", "##vso[task.complete]", "]", ";code=x"),
        (text, tail) => {
          const [line = "", ...more] = azure(withDenial(`${text}${tail}`), PLACES)
            .trimEnd()
            .split(/\r?\n/);
          const read = agentReads(line);
          expect(more).toEqual([]);
          expect(Object.keys(read?.properties ?? {})).toEqual(["type", "sourcepath", "linenumber", "code"]);
          expect(read?.properties["code"]).toBe("GIT_DEPENDENCY");
          expect(read?.data.split("\n")[0]).toBe(printable(`${text}${tail}`));
          expect(line.match(/##vso\[/g)).toHaveLength(1);
        },
      ),
    );
  });
});

describe("other reports in a CI log", () => {
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
