import type { EarlierRun } from "../../../src/report/earlier/since.ts";
import { sinceThen } from "../../../src/report/earlier/since.ts";
import { toJson } from "../../../src/report/json.ts";
import { allowed, denied, sampleReport } from "../../support/report.ts";
import { describe, expect, it } from "vitest";

const MADE = { version: "1", now: new Date(0) };
const report = sampleReport({ decisions: [allowed("a"), denied("b", "NO_RULE")], unbound: [] });
const [project] = toJson(report, MADE).projects;

function run(part: Partial<EarlierRun> = {}): EarlierRun {
  return {
    time: "2026-11-01T00:00:00.000Z",
    command: "npm ci",
    exit: 0,
    project: ".",
    lockfile: "package-lock.json",
    isPart: false,
    packages: [],
    unbound: [],
    ...part,
  };
}

const pkg = (name: string, ground: "signed" | "recorded" | "denied") => ({
  purl: `pkg:npm/${name}@1.0.0`,
  ground,
  denials: [],
});
const compared = (...runs: readonly EarlierRun[]) => toJson(report, { ...MADE, earlier: runs }).projects[0];

describe("since the last run", () => {
  it("what rests on another ground, is new or is gone", () => {
    const before = run({ packages: [pkg("a", "recorded"), pkg("c", "signed")] });
    expect(compared(before)?.changes).toEqual([
      { purl: "pkg:npm/a@1.0.0", from: "recorded", to: "signed" },
      { purl: "pkg:npm/b@1.0.0", from: null, to: "denied" },
      { purl: "pkg:npm/c@1.0.0", from: "signed", to: null },
    ]);
    expect(compared(before)?.before).toEqual({
      time: before.time,
      packages: 2,
      grounds: { recorded: 1, signed: 1 },
      denials: {},
      unbound: 0,
    });
  });

  it.each([
    ["of another command", { command: "check" }],
    ["of another lock", { lockfile: "other/package-lock.json" }],
    ["of another project", { project: "other" }],
    ["of what had changed only", { isPart: true }],
  ])("a run %s is not the one before", (_, part) => {
    expect(compared(run(part))).toMatchObject({ before: null, changes: [] });
    expect(compared(run({ time: "2026-10-01T00:00:00.000Z" }), run(part))?.before?.time).toBe(
      "2026-10-01T00:00:00.000Z",
    );
  });

  it("of a package with several files the weakest counts, and what cannot be bound is denied", () => {
    const denial = { code: "GIT_DEPENDENCY", message: "", details: [] };
    const before = run({
      packages: [pkg("a", "signed"), pkg("a", "recorded")],
      unbound: [{ purl: "pkg:npm/b@1.0.0", location: "x", denial }],
    });
    const { changes } = sinceThen([before], {
      command: "npm ci",
      report: { project: ".", lockfile: "package-lock.json" },
      packages: project?.packages ?? [],
      unbound: [],
    });
    expect(changes).toEqual([{ purl: "pkg:npm/a@1.0.0", from: "recorded", to: "signed" }]);
  });

  it("without a log nothing is said of it", () => {
    expect(project).not.toHaveProperty("before");
    expect(project).not.toHaveProperty("changes");
  });
});
