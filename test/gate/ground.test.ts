import { findGround, loadPolicy } from "../../src/gate/ground.ts";
import type { Snapshot } from "../../src/project/snapshot.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, GIT_ENV } from "../support/git.ts";
import { testHost } from "../support/npm-session.ts";
import { artifact, facts, NOW } from "../support/policy.ts";
import { layRepository } from "../support/repository.ts";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let root: string;

beforeEach(() => {
  root = realpathSync(temporaryFolder());
  layRepository(root);
  mkdirSync(join(root, "app"));
  policy({ commandLine: { audit: true } });
});

function policy(content: object, folder = root, name = ".signing-policy.json"): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), JSON.stringify({ version: 1, ...content }));
}

type Options = Parameters<typeof findGround>[0]["options"];

function ground(
  options: Partial<Options> = {},
  more: Partial<Parameters<typeof findGround>[0]> = {},
  host: Partial<ReturnType<typeof testHost>> = {},
) {
  const place = {
    project: join(root, "app"),
    ecosystem: "npm",
    purpose: "install",
    options: { policy: null, policyFrom: null, mode: null, ...options } as Options,
    ...more,
  } as const;
  const mine = { ...testHost({ home: temporaryFolder(), env: GIT_ENV }), now: () => NOW, ...host };
  return findGround(place, mine, join(root, "app"), []);
}

describe("the ground that the policies of a folder give", () => {
  it("names each policy, with its digest and its mode", async () => {
    const { policies, layers, loaded, repositoryRoot } = await ground();
    expect(policies).toEqual([
      { name: ".signing-policy.json", digest: `sha256:${layers[0]?.digest}`, mode: "enforce" },
    ]);
    expect(repositoryRoot).toBe(loaded.repositoryRoot);
    expect(await ground()).not.toHaveProperty("policyFolder");
  });

  it.each([
    ["audit", "audit", "audited"],
    ["enforce", "enforce", "denied"],
    [null, "enforce", "denied"],
  ] as const)("--%s: %s", async (mode, expected, outcome) => {
    const { policies, judge } = await ground({ mode });
    expect(policies.map((one) => one.mode)).toEqual([expected]);
    expect(judge.decide(facts("npm:a@1.0.0")).outcome).toBe(outcome);
  });

  it("--enforce tightens a policy that audits", async () => {
    policy({ mode: "audit" });
    expect((await ground({ mode: "enforce" })).policies[0]?.mode).toBe("enforce");
    expect((await ground()).policies[0]?.mode).toBe("audit");
  });

  it.each([
    ["install", true],
    ["check", false],
  ] as const)("%s wants every package's bytes: %s", async (purpose, expected) => {
    expect((await ground({}, { purpose })).judge.wantsBytes).toBe(expected);
  });

  it.each([true, false])("offline: %s", async (offline) => {
    expect((await ground({}, {}, { offline })).judge.offline).toBe(offline);
  });

  it("origins are of the ecosystem, and what ends soon is told", async () => {
    policy({
      registries: { npm: ["https://npm.example"], pypi: ["https://pypi.example"] },
      recorded: { file: "r.json", reason: "x", expires: "2026-11-25" },
    });
    writeFileSync(join(root, "r.json"), JSON.stringify({ version: 1, packages: {} }));
    const { registries, notes } = await ground();
    expect(registries).toEqual(["https://npm.example"]);
    expect(notes).toContainEqual(expect.stringContaining("recorded r.json expires on 2026-11-25"));
    expect((await ground({}, { ecosystem: "pypi" })).registries).toEqual(["https://pypi.example"]);
  });

  it("the judge is made of these policies, at this time", async () => {
    policy({
      signers: { widget: { githubActions: { repository: "acme/widget" } } },
      rules: [{ packages: ["npm:*"], signedBy: ["widget"], expires: "2026-11-22" }],
      revoked: [{ digest: `sha256:${"a".repeat(64)}`, reason: "x" }],
      exceptions: [
        {
          package: "pkg:npm/a@1.0.0",
          digests: [`sha512:${"a".repeat(128)}`],
          excuses: ["NO_EVIDENCE"],
          reason: "x",
          expires: "2027-01-01",
        },
      ],
    });
    const { judge, exceptions } = await ground();
    expect(judge.wanted(artifact("npm:a@1.0.0")).evidence).toBe(true);
    expect(judge.compares(artifact("npm:b@1.0.0"))).toEqual(["sha256"]);
    const decision = judge.decide(facts("npm:a@1.0.0"));
    expect(exceptions([decision])).toMatchObject([{ uses: 1, daysLeft: 41 }]);
    const verdict = await judge.verify(
      { source: "registry", location: "x", malformed: "none" },
      {
        names: [],
        digests: [],
        bytes: null,
      },
    );
    expect(verdict).toMatchObject({ status: "broken", code: "BUNDLE_MALFORMED" });
  });
});

describe("where the policies are read from", () => {
  it("a file that is named counts from where the command was typed", async () => {
    policy({ mode: "audit" }, root, "other.json");
    expect((await ground({ policy: "../other.json" })).policies).toMatchObject([{ mode: "audit" }]);
    expect((await loadPolicy(join(root, "app"), "../other.json", join(root, "app"))).layers[0]?.policy.mode).toBe(
      "audit",
    );
    expect((await loadPolicy(join(root, "app"), null, "/nowhere")).layers[0]?.policy.mode).toBeUndefined();
  });

  it("a revision, whatever the working tree says", async () => {
    commitAll(root);
    policy({ mode: "audit" });
    const { policies, policyFolder } = await ground({ policyFrom: "HEAD" });
    expect(policies).toMatchObject([{ mode: "enforce" }]);
    expect(policyFolder).toBeDefined();
    expect((await ground()).policies).toMatchObject([{ mode: "audit" }]);
  });

  it("a snapshot, but for a file that is named", async () => {
    commitAll(root);
    const folder = realpathSync(temporaryFolder());
    mkdirSync(join(folder, ".git"));
    mkdirSync(join(folder, "app"));
    policy({ mode: "audit" }, folder);
    policy({}, root, "named.json");
    const snapshot = { folder, root, leftOut: new Map(), known: new Map(), policies: [] } as Snapshot;
    const placed = { project: join(folder, "app"), snapshot };
    const own = await ground({}, placed);
    expect(own.policies).toMatchObject([{ mode: "audit" }]);
    expect(own).toMatchObject({ policyFolder: folder, repositoryRoot: folder });
    const named = await ground({ policy: "../named.json" }, placed);
    expect(named.policies).toMatchObject([{ mode: "enforce" }]);
    expect(named).not.toHaveProperty("policyFolder");
    expect(named.repositoryRoot).toBe(folder);
    expect((await ground({ policyFrom: "HEAD" }, placed)).policies).toMatchObject([{ mode: "enforce" }]);
  });
});
