import { decisionLog } from "../../../src/report/log.ts";
import { lastRuns, type LoggedRun, runsIn } from "../../../src/report/earlier/runs.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { allowed, denied, sampleReport } from "../../support/report.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const at = (time: string) => ({ version: "1.2.3", now: new Date(time) });
const first = decisionLog(sampleReport(), at("2026-11-01T00:00:00Z"));
const second = decisionLog(
  sampleReport({ decisions: [allowed("a")], unbound: [], notGated: [{ kind: "unchanged", name: "b" }] }),
  at("2026-11-02T00:00:00Z"),
);

function logOf(text: string): string {
  const path = join(temporaryFolder(), "decisions.jsonl");
  writeFileSync(path, text);
  return path;
}

async function all(path: string): Promise<readonly (LoggedRun | null)[]> {
  const runs: (LoggedRun | null)[] = [];
  for await (const run of runsIn(path, "decisions.jsonl")) runs.push(run);
  return runs;
}

describe("runs of a decision log", () => {
  it("are what was written, in the order of the log", async () => {
    expect(await all(logOf(first + second))).toMatchObject([
      {
        log: "decisions.jsonl",
        time: "2026-11-01T00:00:00.000Z",
        tool: "safe-install 1.2.3",
        command: "npm ci",
        exit: 66,
        project: ".",
        lockfile: "package-lock.json",
        isPart: false,
        packages: [
          { purl: "pkg:npm/%40acme/gadget@1.0.0", ground: "denied", denials: [{ code: "UNTRUSTED_SIGNER" }] },
          { purl: "pkg:npm/widget@1.0.0", ground: "signed", runsScripts: true, evidence: [{ status: "verified" }] },
        ],
        unbound: [{ purl: null, location: "node_modules/forked", denial: { code: "GIT_DEPENDENCY" } }],
      },
      { time: "2026-11-02T00:00:00.000Z", isPart: true, packages: [{ purl: "pkg:npm/a@1.0.0" }], unbound: [] },
    ]);
  });

  it("a line that is none of ours is passed over, and counted", async () => {
    const strange = ['{"schemaVersion":2}\n', "no JSON\n", "\n", '{"schemaVersion":1,"package":"x"}\n'].join("");
    const runs = await all(logOf(strange + second));
    expect(runs.map((run) => run?.time ?? null)).toEqual([null, null, null, "2026-11-02T00:00:00.000Z"]);
    expect(await lastRuns(logOf(strange + second))).toHaveLength(1);
  });

  it("there are none where there is no log yet", async () => {
    expect(await lastRuns(join(temporaryFolder(), "none.jsonl"))).toEqual([]);
  });

  it("a run of two projects is two", async () => {
    const [one] = sampleReport({ decisions: [denied("a", "NO_RULE")] }).projects;
    if (one === undefined) throw new TypeError("no project");
    const report = { ...sampleReport(), projects: [one, { ...one, project: "b", lockfile: "b/package-lock.json" }] };
    expect(await all(logOf(decisionLog(report, at("2026-11-01T00:00:00Z"))))).toMatchObject([
      { project: "." },
      { project: "b", lockfile: "b/package-lock.json" },
    ]);
  });
});
