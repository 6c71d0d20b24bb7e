import { plainNpm, safeInstall } from "../support/cli.ts";
import { npmStage } from "../support/npm-stage.ts";
import { writeProject } from "../support/project.ts";
import { policyFor, publishSigned } from "../support/signed.ts";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const stage = npmStage(async ({ registry, instance }) => {
  await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
  registry.publish({ name: "plain", version: "1.0.0" });
  for (const { name, ...manifest } of TEN)
    await publishSigned(registry, instance, { name, version: "1.0.0", manifest });
});

/** Each needs the two after it. */
const NAMES = Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? `@acme/part-${at}` : `part-${at}`));
const LICENCES = ["MIT", "(MIT OR Apache-2.0)", "ISC", "0BSD AND MIT", "Apache-2.0"];
const TEN = NAMES.map((name, at) => ({
  name,
  dependencies: Object.fromEntries(NAMES.slice(at + 1, at + 3).map((other) => [other, "1.0.0"])),
  license: LICENCES[at % 5],
}));

function write(names: readonly string[], policy: object = {}): void {
  writeProject(stage.project, stage.registry, {
    locked: names.map((name) => ({ name, version: "1.0.0" })),
    policy: policyFor(["widget", "plain"], policy as Record<string, unknown>),
    files: { "trust/root.json": stage.instance.trustedRoot },
  });
}
const run = (args: readonly string[], env: Record<string, string> = {}) =>
  safeInstall(args, { cwd: stage.project, home: stage.home, env });
const GITHUB = { GITHUB_ACTIONS: "true" };
const AZURE = { TF_BUILD: "True" };

describe("reports where CI runs", () => {
  it.each([
    ["GitHub Actions", GITHUB, /^::error /m],
    ["Azure Pipelines", AZURE, /^##vso\[task\.logissue type=error;/m],
  ])("%s gets annotations beside the report for people", async (_, env, command) => {
    write(["widget", "plain"]);
    const checked = await run(["check"], env);
    expect(checked.stdout).toMatch(command);
    expect(checked.stdout).toContain("npm:plain@1.0.0   NO_EVIDENCE");
    const installing = await run(["npm", "ci"], env);
    expect(installing.stderr).toMatch(command);
    expect(installing.stdout).toBe("");
  });

  it.each([
    ["elsewhere", ["check"], {}],
    ["where another report is asked for", ["check", "--report", "pretty"], { ...GITHUB, ...AZURE }],
    ["where the variable says something else", ["check"], { GITHUB_ACTIONS: "false", TF_BUILD: "0" }],
  ])("nothing of the kind %s", async (_, args, env) => {
    write(["plain"]);
    expect((await run(args, env)).stdout).not.toMatch(/::error|##vso/);
  });

  it("--json is alone on standard output: what the installer says there is beside it", async () => {
    write(["widget"]);
    const { exit, stdout, stderr } = await run(["--json", "npm", "ci"]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringMatching(/^added 1 package/m) });
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "allowed" });
  });

  it("a step summary that cannot be written changes nothing", async () => {
    write(["widget"]);
    const { exit, stderr } = await run(["check"], { ...GITHUB, GITHUB_STEP_SUMMARY: stage.project });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining("no step summary") });
  });

  it("audit only warns", async () => {
    write(["plain"], { mode: "audit" });
    const { exit, stdout } = await run(["check"], GITHUB);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: expect.stringMatching(/^::warning /m) });
  });

  it("several reports of one run", async () => {
    write(["plain"]);
    const reports = [
      "json=out.json",
      "sarif=out.sarif",
      "github=out.txt",
      "azure=out.azure",
      "pretty=out.pretty",
    ].concat("html=out.html", "markdown=out.md");
    const { stdout } = await run(["check", ...reports.flatMap((one) => ["--report", one])]);
    const read = (name: string) => readFileSync(join(stage.project, name), "utf8");
    expect(JSON.parse(read("out.json"))).toMatchObject({ outcome: "denied" });
    expect(JSON.parse(read("out.sarif"))).toMatchObject({
      runs: [
        {
          results: [
            {
              ruleId: "NO_EVIDENCE",
              locations: [
                { physicalLocation: { artifactLocation: { uri: "package-lock.json" }, region: { startLine: 14 } } },
              ],
            },
          ],
        },
      ],
    });
    expect(read("out.txt")).toMatch(/^::error file=package-lock.json,line=14,/);
    expect(read("out.azure")).toMatch(/^##vso\[/);
    expect(read("out.pretty")).toContain("✗ npm:plain@1.0.0");
    expect(read("out.html")).toMatch(/^<!doctype html>\n[^]*NO_EVIDENCE[^]*<\/html>\n$/);
    expect(read("out.md")).toMatch(/^### ❌ safe-install check: denied\n/);
    expect(stdout).toContain("✗ npm:plain@1.0.0");
  });

  it("of ten packages, the SBOM says what npm's own says, and who signed them", async () => {
    writeProject(stage.project, stage.registry, {
      locked: TEN.map(({ name, ...entry }) => ({ name, version: "1.0.0", entry })),
      policy: policyFor(NAMES),
      files: { "trust/root.json": stage.instance.trustedRoot },
    });
    const { exit, stderr } = await run(["--report", "cyclonedx=bom.json", "npm", "ci"]);
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    const npm = await plainNpm(["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"], {
      cwd: stage.project,
      home: stage.home,
    });
    const own = JSON.parse(readFileSync(join(stage.project, "bom.json"), "utf8")) as Sbom;
    expect(own.components).toHaveLength(10);
    expect(partsOf(own)).toEqual(partsOf(JSON.parse(npm.stdout) as Sbom));
    for (const { evidence, externalReferences } of own.components)
      expect({ evidence, externalReferences }).toMatchObject({
        evidence: { identity: [{ field: "purl", methods: [{ technique: "attestation" }] }] },
        externalReferences: [{ type: "attestation", comment: expect.stringMatching(/; bundle=sha256:[\da-f]{64}; /) }],
      });
  });

  it("with a log, what changed since the last run of the same command over the same lock", async () => {
    write(["plain"]);
    const check = ["--log", "log.jsonl", "check", "--report", "json"];
    const report = async () => JSON.parse((await run(check)).stdout) as { projects: [Record<string, unknown>] };
    expect((await report()).projects[0]).toMatchObject({ before: null, changes: [] });
    write(["plain", "widget"]);
    expect((await report()).projects[0]).toMatchObject({
      before: { packages: 1, grounds: { denied: 1 }, denials: { NO_EVIDENCE: 1 } },
      changes: [{ purl: "pkg:npm/widget@1.0.0", from: null, to: "signed" }],
      summary: { text: "2 packages: 1 publisher verified, 1 denied" },
    });
  });

  it("a name in a lock cannot command the CI system", async () => {
    write(["widget"]);
    const lock = readFileSync(join(stage.project, "package-lock.json"), "utf8").replace(
      '"node_modules/widget"',
      '"node_modules/x ::stop-commands::t ##vso[task.setvariable variable=a]b"',
    );
    writeFileSync(join(stage.project, "package-lock.json"), lock);
    for (const format of ["pretty", "json", "sarif"]) {
      const { stdout, stderr } = await run(["check", "--report", format]);
      expect(`${stdout}${stderr}`).toContain("task.setvariable");
      expect(`${stdout}\n${stderr}`).not.toMatch(/##vso\[|^\s*::/m);
    }
  });
});

interface Sbom {
  readonly components: readonly {
    readonly "bom-ref": string;
    readonly purl: string;
    readonly hashes: readonly { readonly alg: string; readonly content: string }[];
    readonly licenses: readonly { readonly expression?: string; readonly license?: { readonly id: string } }[];
    readonly evidence?: unknown;
    readonly externalReferences?: unknown;
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/** What both say of a package, by its purl; each has refs of its own. */
function partsOf({ components, dependencies }: Sbom) {
  const purls = new Map(components.map((one) => [one["bom-ref"], one.purl]));
  const parts = components.map(({ "bom-ref": ref, purl, hashes, licenses }) => ({
    purl,
    sha512: hashes.find(({ alg }) => alg === "SHA-512")?.content,
    licences: licenses.map(({ expression, license }) => expression ?? license?.id),
    needs: (dependencies.find((one) => one.ref === ref)?.dependsOn ?? [])
      .flatMap((one) => purls.get(one) ?? [])
      .toSorted(),
  }));
  return parts.toSorted((left, right) => (left.purl < right.purl ? -1 : 1));
}

describe("--log", () => {
  const lines = () =>
    readFileSync(join(stage.project, "log.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it("each run adds its decisions", async () => {
    write(["widget", "plain"]);
    expect((await run(["--log", "log.jsonl", "check"])).exit).toBe(65);
    write(["widget"]);
    expect((await run(["--log=log.jsonl", "npm", "ci"])).exit).toBe(0);
    expect(lines()).toMatchObject([
      { command: "check", package: "pkg:npm/plain@1.0.0", outcome: "denied", denials: [{ code: "NO_EVIDENCE" }] },
      { command: "check", package: "pkg:npm/widget@1.0.0", outcome: "allowed", exit: 65 },
      {
        command: "npm ci",
        package: "pkg:npm/widget@1.0.0",
        layers: [
          {
            policy: ".signing-policy.json",
            policyDigest: expect.stringMatching(/^sha256:/),
            rule: "rules[0] npm:widget",
          },
        ],
        evidence: [
          { status: "verified", signer: { claims: { sourceRepositoryURI: "https://github.com/acme/widget" } } },
        ],
      },
    ]);
  });

  it("what cannot be written down is not installed", async () => {
    write(["widget"]);
    mkdirSync(join(stage.project, "log.jsonl"));
    const { exit, stderr } = await run(["--log", "log.jsonl", "npm", "ci"]);
    expect({ exit, stderr }).toEqual({ exit: 69, stderr: expect.stringContaining("LOG_UNWRITABLE") });
    expect(existsSync(join(stage.project, "node_modules"))).toBe(false);
  });
});
