import { runAt } from "../../support/author.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { writeProject } from "../../support/project.ts";
import { type Registry, startRegistry } from "../../support/registry.ts";
import { hexOf } from "../../support/tarball.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const EARLIER = {
  package: "pkg:npm/widget@1.0.0",
  digests: [`sha512:${"ab".repeat(64)}`],
  excuses: ["NO_EVIDENCE"],
  reason: "before",
  since: "2026-01-01",
  expires: "2026-02-01",
};

let registry: Registry;
let home: string;
let project: string;

beforeAll(async () => {
  registry = await startRegistry({ packages: [{ name: "widget", version: "1.0.0" }] });
});
afterAll(() => registry.close());
beforeEach(() => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
  lay([EARLIER]);
});

function lay(exceptions: readonly object[], rule: object = { signedBy: ["acme"] }): void {
  const acme = {
    githubActions: { repository: "acme/widget", workflow: ".github/workflows/release.yml", ref: "refs/heads/main" },
  };
  const policy = { version: 1, signers: { acme }, rules: [{ packages: ["npm:*"], ...rule }], exceptions };
  writeProject(project, registry, { locked: [{ name: "widget", version: "1.0.0" }], policy });
}

const run = (...args: string[]) => runAt(project, home, args);
const except = (...args: string[]) => run("policy", "except", ...args);
const text = () => readFileSync(join(project, ".signing-policy.json"), "utf8");
const exceptions = () => (JSON.parse(text()) as { exceptions: Record<string, unknown>[] }).exceptions;
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const WHY = ["--reason", "urgent fix", "--days", "14"];

describe("safe-install policy except", () => {
  it("is a diff until --write, for these bytes; then check passes", async () => {
    const before = text();
    const words = ["widget", "--code", "NO_EVIDENCE", "--approved-by", "security", ...WHY];
    const shown = await except(...words);
    expect(shown).toMatchObject({ exit: 0, stdout: expect.stringMatching(/\+ .*urgent fix[^]*nothing was written/) });
    expect(text()).toBe(before);
    expect((await run("check")).exit).toBe(65);
    expect(await except(...words, "--write")).toMatchObject({ exit: 0, stdout: expect.stringContaining("wrote") });
    expect(exceptions()).toEqual([
      EARLIER,
      {
        package: "pkg:npm/widget@1.0.0",
        digests: [`sha512:${hexOf(registry.tarballOf("widget", "1.0.0").bytes)}`],
        excuses: ["NO_EVIDENCE"],
        reason: "urgent fix",
        approvedBy: "security",
        since: dayIn(0),
        expires: dayIn(14),
      },
    ]);
    expect(await run("check")).toMatchObject({ exit: 0 });
    await except(...words, "--write");
    expect(exceptions()).toHaveLength(2);
  });

  it("what it does not excuse is said", async () => {
    lay([EARLIER], { unsigned: "deny" });
    const { exit, stdout } = await except("widget", "--code", "NO_EVIDENCE", ...WHY);
    expect({ exit, stdout }).toMatchObject({
      exit: 65,
      stdout: expect.stringContaining("widget@1.0.0 stays denied: DENIED_BY_RULE"),
    });
  });

  it("--renew moves the day, and nothing else; nobody is asked", async () => {
    const asked = registry.requests.length;
    expect(await except("widget@1.0.0", "--renew", "--days", "30", "--write")).toMatchObject({ exit: 0 });
    expect(exceptions()).toEqual([{ ...EARLIER, expires: dayIn(30) }]);
    expect(registry.requests).toHaveLength(asked);
  });

  it("without a package: each, with its age and what is left", async () => {
    lay([EARLIER, { ...EARLIER, reason: "goes on", since: dayIn(-3), expires: dayIn(5), approvedBy: "security" }]);
    const { exit, stdout } = await except();
    expect(exit).toBe(0);
    expect(stdout).toMatch(/ended on 2026-02-01, \d+ days old .*\n {2}before\n/);
    expect(stdout).toMatch(/[56] days left \(.*\), 3 days old, approved by security/);
    expect(stdout).toMatch(/2 exceptions\n$/);
  });

  it.each([
    ["no code", ["widget", ...WHY], "what is excused"],
    ["no reason", ["widget", "--code", "NO_EVIDENCE", "--days", "14"], "why?"],
    ["no end", ["widget", "--code", "NO_EVIDENCE", "--reason", "x"], "for how long"],
    ["an end of no use", ["widget", "--code", "NO_EVIDENCE", "--reason", "x", "--days", "9999"], "1 to 366"],
    ["a code that is none", ["widget", "--code", "NO_EVIDENSE", ...WHY], "NO_EVIDENCE"],
    ["what nobody may excuse", ["widget", "--code", "INTEGRITY_MISMATCH", ...WHY], "no exception may excuse it"],
    ["what no lock names", ["wigdet", "--code", "NO_EVIDENCE", ...WHY], "widget"],
    ["another reason while it is renewed", ["widget", "--renew", ...WHY], "stays as it is"],
    ["options without a package", ["--renew"], "expected a package"],
  ])("%s: usage, and nothing is written", async (_, words, said) => {
    const before = text();
    const { exit, stderr } = await except(...words, "--write");
    expect({ exit, stderr }).toMatchObject({ exit: 64, stderr: expect.stringContaining(said) });
    expect(text()).toBe(before);
  });
});
