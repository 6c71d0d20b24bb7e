import { gate, type GateRequest } from "../../src/gate/gate.ts";
import { silent } from "../../src/gate/progress.ts";
import type { Artifact, Part, Plugin } from "../../src/plugin.ts";
import type { Snapshot } from "../../src/project/snapshot.ts";
import type { Runtime } from "../../src/runtime.ts";
import { table } from "../../plugins/npm/table.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { testHost } from "../support/npm-session.ts";
import { part } from "../support/part.ts";
import { artifact } from "../support/policy.ts";
import { layRepository } from "../support/repository.ts";
import { beforeEach, expect, it } from "vitest";

let root: string;

beforeEach(() => {
  root = temporaryFolder();
  layRepository(root);
  put("good");
});

/** The policy lets this package in, and no other. */
function put(name: string, folder = root): void {
  const rule = { packages: [`npm:${name}`], unsigned: "allow", reason: "mine", expires: "2099-01-01" };
  putInto(folder, ".signing-policy.json", { version: 1, rules: [rule] });
}

function partOf(name: string): Part {
  const one: Artifact = { ...artifact(`npm:${name}@1.0.0`), digests: [{ algorithm: "sha512", hex: "a".repeat(128) }] };
  return part({ artifacts: [one], lockfile: `${root}/lock.json` });
}

/** A project of two parts. @returns what was handed back of the first, beside what the gate found */
async function story(names: readonly [string, string], more: Partial<GateRequest> = {}) {
  const handed: string[] = [];
  const folder = more.snapshot?.folder ?? root;
  const plugin = {
    table,
    locate: async (request) => ({ request, folder, root: folder, found: [], replaces: [] }),
    async *stages() {
      for (const { artifact: one } of yield partOf(names[0])) handed.push(one.package.name);
      yield partOf(names[1]);
      return null;
    },
  } as Partial<Plugin> as Plugin;
  const asked = {
    plugin,
    request: { purpose: "install", args: [], cwd: folder },
    options: { policy: null, policyFrom: null, mode: null },
    ...more,
  } as unknown as GateRequest;
  const host = testHost({ home: temporaryFolder() });
  const runtime = { cwd: root, env: {} } as Partial<Runtime> as Runtime;
  const { report, parts } = await gate(asked, { runtime, host, progress: silent });
  return { handed, report, judged: parts.length };
}

it("what was let through of a part is handed back, and the next part is judged by the same policy", async () => {
  const { handed, judged, report } = await story(["good", "bad"]);
  expect({ handed, judged }).toEqual({ handed: ["good"], judged: 2 });
  expect(report).toMatchObject({ project: ".", lockfile: "lock.json", root, outcome: "denied", exit: 65 });
  expect(report.decisions.map(({ outcome }) => outcome)).toEqual(["allowed", "denied"]);
});

it("a part of which something is denied is the last", async () => {
  const { handed, judged, report } = await story(["bad", "good"]);
  expect({ handed, judged, outcome: report.outcome }).toEqual({ handed: [], judged: 1, outcome: "denied" });
});

it("nothing is denied: allowed, without words of anybody", async () => {
  const { report } = await story(["good", "good"]);
  expect(report).toMatchObject({ outcome: "allowed", exit: 0, notes: [] });
});

it("what is narrowed is not judged, and what is said of it is reported", async () => {
  const narrow: GateRequest["narrow"] = async (one) => ({ part: { ...one, artifacts: [] }, notes: ["left out"] });
  const { report } = await story(["bad", "bad"], { narrow });
  expect(report).toMatchObject({ outcome: "allowed", decisions: [], notes: ["left out", "left out"] });
});

it("a snapshot stands for its repository: its policy counts, whatever lies there now", async () => {
  const folder = temporaryFolder();
  put("bad", folder);
  layRepository(folder);
  const snapshot: Snapshot = { root, folder, leftOut: new Map(), known: new Map(), policies: [".signing-policy.json"] };
  const { handed, report } = await story(["bad", "good"], { snapshot });
  expect(handed).toEqual(["bad"]);
  expect(report).toMatchObject({ root, readFrom: { lockfile: folder, policies: folder }, outcome: "denied" });
});
