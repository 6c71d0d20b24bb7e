/** What others wrote reaches no report as a control character (ECMA-48) or a change of direction (UAX 9). */
import { azure } from "../../src/report/azure.ts";
import { githubSummary } from "../../src/report/github-summary.ts";
import { github } from "../../src/report/github.ts";
import { json } from "../../src/report/json.ts";
import { decisionLog } from "../../src/report/log.ts";
import { pretty } from "../../src/report/pretty.ts";
import { sarif } from "../../src/report/sarif.ts";
import { PLACES } from "../support/places.ts";
import { denied, sampleReport, withDenial } from "../support/report.ts";
import { expect, it } from "vitest";

const POINTS = [0x00, 0x07, 0x1b, 0x7f, 0x85, 0x90, 0x9b, 0x9d, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029];
const DIRECTIONS = [0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x061c, 0xfeff, 0xe0001];
const BAD = String.fromCodePoint(...POINTS, ...DIRECTIONS);
const FOUND = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const report = withDenial(`before${BAD}after`);
const paint = (_: string, text: string) => text;

it.each([
  ["json", () => json(report, { version: "1.0.0", now: new Date(0) })],
  [
    "the decision log",
    () =>
      decisionLog(sampleReport({ decisions: [denied(`p${BAD}`, "NO_RULE")] }), { version: "1.0.0", now: new Date(0) }),
  ],
  ["sarif", () => sarif(report, PLACES, "1.0.0", null)],
  ["markdown", () => githubSummary(report, PLACES)],
  ["GitHub's annotations", () => github(report, PLACES)],
  ["Azure's", () => azure(report, PLACES)],
  ["text", () => pretty(report, paint, 100)],
])("%s", (_, made) => {
  const text = made();
  expect(FOUND.exec(text)).toBeNull();
  expect(text).toMatch(/9b/i);
});

it("who parses JSON gets the very text; who shows SARIF an escape", () => {
  const { projects } = JSON.parse(json(report, { version: "1.0.0", now: new Date(0) })) as {
    projects: [{ unbound: [{ location: string }] }];
  };
  expect(projects[0].unbound[0].location).toBe(`before${BAD}after`);
  const { runs } = JSON.parse(sarif(report, PLACES, "1", null)) as {
    runs: [{ results: [{ message: { text: string } }] }];
  };
  expect(FOUND.exec(runs[0].results[0].message.text)).toBeNull();
});
