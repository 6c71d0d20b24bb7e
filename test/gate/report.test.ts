import { projectReport, reportOf } from "../../src/gate/report.ts";
import type { PolicyGround } from "../../src/gate/ground.ts";
import type { JudgedPart } from "../../src/gate/part.ts";
import type { Decision } from "../../src/model/decision.ts";
import type { ProjectReport } from "../../src/model/report.ts";
import type { Opened } from "../../src/project/open.ts";
import type { Snapshot } from "../../src/project/snapshot.ts";
import type { Runtime } from "../../src/runtime.ts";
import { part } from "../support/part.ts";
import { artifact } from "../support/policy.ts";
import { describe, expect, it } from "vitest";

const DECISION: Decision = {
  artifact: artifact("npm:a@1.0.0"),
  outcome: "allowed",
  layers: [],
  denials: [],
  verdicts: [],
  unavailable: [],
};
const POLICY = { name: ".signing-policy.json", digest: "sha256:x", mode: "enforce" } as const;
const judgedPart = (more: Parameters<typeof part>[0]) =>
  ({ part: part(more), decisions: [DECISION] }) as unknown as JudgedPart;
const reported = (
  more: {
    readonly folder?: string;
    readonly cwd?: string;
    readonly policyFolder?: string;
    readonly snapshot?: Snapshot;
  } = {},
  ...parts: readonly JudgedPart[]
) => {
  const { folder = "/r/app", cwd = "/r", policyFolder, snapshot } = more;
  const bounds = {
    repositoryRoot: "/r",
    policies: [POLICY],
    notes: ["of the policies"],
    exceptions: (decisions: readonly Decision[]) => decisions.map(({ outcome }) => outcome),
    ...(policyFolder === undefined ? {} : { policyFolder }),
  };
  const opened = { project: { folder }, bounds } as unknown as Opened<PolicyGround>;
  const found = { parts, notes: ["of the part"], outcome: "denied", exit: 65 } as const;
  return projectReport(opened, found, { cwd } as Runtime, snapshot);
};
const SNAPSHOT = { root: "/r", folder: "/tmp/s" } as unknown as Snapshot;

describe("the report of a project", () => {
  it("is told from where the command was typed", () => {
    const note = { kind: "bundled", name: "b", detail: "" } as never;
    const unbound = {
      package: null,
      location: "x",
      denial: { code: "GIT_DEPENDENCY", message: "", details: [] },
    } as const;
    const one = judgedPart({ lockfile: null });
    const other = judgedPart({ lockfile: "/r/app/lock.json", unbound: [unbound], notGated: [note] });
    const last = judgedPart({ lockfile: "/r/app/other.json" });
    expect(reported({}, one, other, last)).toEqual({
      project: "app",
      lockfile: "app/lock.json",
      root: "/r",
      policies: [POLICY],
      decisions: [DECISION, DECISION, DECISION],
      unbound: [unbound],
      notGated: [note],
      exceptions: ["allowed", "allowed", "allowed"],
      notes: ["of the policies", "of the part"],
      outcome: "denied",
      exit: 65,
    });
  });

  it("the folder itself is a point, and a project may have no lock", () => {
    expect(reported({ cwd: "/r/app" })).toMatchObject({ project: ".", lockfile: null });
  });

  it("policies from elsewhere are told of", () => {
    expect(reported({ policyFolder: "/tmp/p" }).readFrom).toEqual({ lockfile: "/r", policies: "/tmp/p" });
    expect(reported({ policyFolder: "/r" })).not.toHaveProperty("readFrom");
  });

  it("a snapshot stands for the repository", () => {
    const lock = judgedPart({ lockfile: "/tmp/s/app/lock.json" });
    expect(reported({ folder: "/tmp/s/app", snapshot: SNAPSHOT }, lock)).toMatchObject({
      project: "app",
      lockfile: "app/lock.json",
      root: "/r",
      readFrom: { lockfile: "/tmp/s", policies: "/r" },
    });
    const both = reported({ folder: "/tmp/s/app", snapshot: SNAPSHOT, policyFolder: "/tmp/s" });
    expect(both.readFrom).toEqual({ lockfile: "/tmp/s", policies: "/tmp/s" });
  });
});

describe("the report of a command", () => {
  const project = (outcome: ProjectReport["outcome"], exit: number) => ({ outcome, exit }) as unknown as ProjectReport;

  it.each([
    [[], "allowed", 0],
    [[project("allowed", 0)], "allowed", 0],
    [[project("allowed", 0), project("audited", 0)], "audited", 0],
    [[project("audited", 0), project("denied", 65), project("allowed", 0)], "denied", 65],
    [[project("denied", 65), project("denied", 66)], "denied", 66],
  ])("%j: the worst of them", (projects, outcome, exit) => {
    expect(reportOf("check", projects)).toEqual({ command: "check", projects, outcome, exit });
  });
});
