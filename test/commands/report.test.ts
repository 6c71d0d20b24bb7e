import { run } from "../../src/cli.ts";
import { decisionLog } from "../../src/report/log.ts";
import type { Report } from "../../src/model/report.ts";
import { temporaryFolder } from "../support/folder.ts";
import { allowed, denied, sampleReport } from "../support/report.ts";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** Two repositories: one of two runs, and one of a whole run and one of what had changed only. */
function logs(): string {
  const folder = temporaryFolder();
  const log = (report: Report, day: string) =>
    decisionLog(report, { version: "1.2.3", now: new Date(`${day}T12:00:00Z`) });
  const of = (part: Parameters<typeof sampleReport>[0]) => sampleReport({ unbound: [], notGated: [], ...part });
  const web = [
    log(of({ decisions: [allowed("a"), denied("b", "NO_EVIDENCE")] }), "2026-11-01"),
    log(of({ decisions: [allowed("a"), allowed("b"), allowed("<script>x")] }), "2026-11-08"),
  ];
  const part = of({ decisions: [allowed("c")], notGated: [{ kind: "unchanged", name: "d" }] });
  writeFileSync(join(folder, "web.jsonl"), `${web.join("")}not ours\n`);
  const api = [denied("d", "NO_RULE", "audited"), allowed("c")];
  writeFileSync(join(folder, "api.jsonl"), log(of({ decisions: api }), "2026-11-02") + log(part, "2026-11-03"));
  return folder;
}

async function typeIn(cwd: string, ...words: string[]) {
  const said = { stdout: "", stderr: "" };
  const screen = (name: "stdout" | "stderr") => ({
    write: (text: string) => void (said[name] += text),
    isTTY: false,
    columns: 80,
  });
  const exit = await run(words, {
    cwd,
    env: {},
    home: cwd,
    signal: new AbortController().signal,
    stdout: screen("stdout"),
    stderr: screen("stderr"),
  });
  return { exit, ...said };
}

describe("report", () => {
  it("says what the last run over each lock found, and passes by what is no run over a whole lock", async () => {
    const folder = logs();
    expect(await typeIn(folder, "report", "web.jsonl", "api.jsonl")).toEqual({
      exit: 0,
      stdout:
        "3 runs over 2 locks\n" +
        "  api.jsonl: package-lock.json: 2 packages: 1 by their pinned publisher, 1 let through by audit\n" +
        "  web.jsonl: package-lock.json: 3 packages: 3 publisher verified\n" +
        "  safe-install report LOG --html draws it\n",
      stderr: "safe-install: 1 lines are none of ours, and passed over\n",
    });
  });

  it("as JSON: each lock's runs, and the last of them as a report", async () => {
    const { stdout } = await typeIn(logs(), "--json", "report", "web.jsonl");
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      command: "report",
      exit: 0,
      trends: [
        {
          name: "package-lock.json",
          runs: [
            { time: "2026-11-01T12:00:00.000Z", packages: 2, tally: { signed: 1, denied: 1 } },
            { time: "2026-11-08T12:00:00.000Z", packages: 3, tally: { signed: 3, denied: 0 } },
          ],
        },
      ],
      last: {
        outcome: "allowed",
        projects: [
          {
            policies: [{ name: ".signing-policy.json", digest: `sha256:${"0".repeat(64)}`, mode: "enforce" }],
            changes: [
              { purl: "pkg:npm/<script>x@1.0.0", from: null, to: "signed" },
              { purl: "pkg:npm/b@1.0.0", from: "denied", to: "signed" },
            ],
          },
        ],
      },
    });
  });

  it("draws the page, on standard output or into a file", async () => {
    const folder = logs();
    const { stdout, exit } = await typeIn(folder, "report", "web.jsonl", "api.jsonl", "--html");
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^<!doctype html>/);
    expect(stdout).toContain("3 runs over 2 locks");
    expect(stdout).toContain("How it came about");
    expect(stdout.match(/<script>/g)).toHaveLength(1);
    expect((await typeIn(folder, "report", "web.jsonl", "--html", "--output", "out/page.html")).stdout).toBe("");
    expect(readFileSync(join(folder, "out/page.html"), "utf8")).toContain("50 % → 100 %");
    expect(existsSync(join(folder, "web.jsonl"))).toBe(true);
  });

  it.each([
    [["report"], "expected: report DECISIONS.jsonl"],
    [["report", "none.jsonl"], "no run of safe-install is in it"],
    [["report", "web.jsonl", "--output", "x"], "--output goes with --html"],
  ])("%j is refused", async (words, why) => {
    const { exit, stderr } = await typeIn(logs(), ...words);
    expect(exit).toBe(64);
    expect(stderr).toContain(why);
  });
});
