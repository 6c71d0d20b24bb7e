/** Whoever may push a tag, or open a pull request, does not choose the policy that judges, nor what counts as unchanged. */
import { safeInstall } from "../support/cli.ts";
import { commitAll, git } from "../support/git.ts";
import { npmStage } from "../support/npm-stage.ts";
import { type Locked, writeProject } from "../support/project.ts";
import { policyFor, publishSigned } from "../support/signed.ts";
import { beforeEach, describe, expect, test } from "vitest";

const stage = npmStage(async ({ registry, instance }) => {
  await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
  registry.publish({ name: "plain", version: "1.0.0" });
});

const WIDGET = { name: "widget", version: "1.0.0" };
const PLAIN = { name: "plain", version: "1.0.0" };
const STRICT = policyFor(["widget"]);
const OPEN = {
  version: 1,
  rules: [{ packages: ["npm:*"], unsigned: "allow", reason: "mine", expires: "2099-01-01" }],
};
const REVOKING = { ...STRICT, revoked: [{ package: "pkg:npm/widget@1.0.0", reason: "taken over" }] };

/** @returns the commit */
function commit(locked: readonly Locked[], policy: unknown): string {
  write(locked, policy);
  return commitAll(stage.project);
}
function write(locked: readonly Locked[], policy: unknown): void {
  writeProject(stage.project, stage.registry, {
    locked,
    policy,
    files: { "trust/root.json": stage.instance.trustedRoot },
  });
}
const run = (...args: readonly string[]) => safeInstall(args, { cwd: stage.project, home: stage.home });
const notesIn = (stdout: string) => (JSON.parse(stdout) as { projects: { notes: string[] }[] }).projects[0]?.notes;

describe("a tag that is called as a branch of the remote", () => {
  let main: string;
  beforeEach(() => {
    main = commit([PLAIN], STRICT);
    git(stage.project, "update-ref", "refs/remotes/origin/main", main);
    const evil = commit([PLAIN], OPEN);
    git(stage.project, "tag", "origin/main", evil);
  });

  test.each([
    ["check", "--policy-from", "origin/main"],
    ["check", "--changed-since", "origin/main"],
    ["policy", "diff", "origin/main"],
  ])("%s %s %s: two answers are none", async (...words) => {
    expect(await run(...words)).toMatchObject({ exit: 64, stderr: expect.stringContaining("REVISION_AMBIGUOUS") });
  });

  test("the full name is itself, and the report says it with its commit", async () => {
    const { exit, stdout } = await run("check", "--report=json", "--policy-from", "refs/remotes/origin/main");
    expect(exit).toBe(65);
    expect(notesIn(stdout)?.join()).toContain(`the policy is that of refs/remotes/origin/main (${main})`);
  });

  test("a tag below another's full name is none", async () => {
    git(stage.project, "tag", "refs/remotes/up/main", "HEAD");
    git(stage.project, "tag", "FETCH_HEAD", "HEAD");
    git(stage.project, "tag", "-d", "origin/main");
    for (const name of ["refs/remotes/up/main", "FETCH_HEAD"])
      expect(await run("check", "--policy-from", name)).not.toMatchObject({ exit: 0 });
    expect((await run("check", "--policy-from", "origin/main")).exit).toBe(65);
    git(stage.project, "tag", main.slice(0, 12), "HEAD");
    expect(await run("check", "--policy-from", main.slice(0, 12))).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("REVISION_AMBIGUOUS"),
    });
    expect((await run("check", "--policy-from", main)).exit).toBe(65);
  });
});

describe("--policy-from, --changed-since and --staged together", () => {
  let base: string;
  beforeEach(() => {
    base = commit([WIDGET], STRICT);
    git(stage.project, "branch", "feature");
    commit([WIDGET], REVOKING);
    git(stage.project, "checkout", "--quiet", "feature");
  });

  test.each([
    ["--policy-from with --changed-since", []],
    ["all three", ["--staged"]],
  ])("%s: unchanged is what the judging policy has judged", async (_, more) => {
    const words = ["--policy-from", "refs/heads/main", ...more];
    expect((await run("check", ...words)).exit).toBe(66);
    expect((await run("check", ...words, "--changed-since", base)).exit).toBe(66);
  });

  test("and where it is the same one, nothing is judged again", async () => {
    const { exit, stdout } = await run("check", "--report=json", "--policy-from=feature", `--changed-since=${base}`);
    expect({ exit, notes: notesIn(stdout) }).toEqual({
      exit: 0,
      notes: [expect.stringContaining(`refs/heads/feature (${base})`), `compared with ${base}`],
    });
    expect(stdout).toContain('"unchanged"');
  });

  test("--staged with --changed-since: what is staged is judged", async () => {
    write([WIDGET, PLAIN], STRICT);
    git(stage.project, "add", "--all");
    write([WIDGET], STRICT);
    expect((await run("check", "--staged", "--changed-since", "HEAD")).exit).toBe(65);
    expect((await run("check", "--changed-since", "HEAD")).exit).toBe(0);
  });

  test("--staged with --policy-from: a policy that is staged judges nothing", async () => {
    write([WIDGET, PLAIN], OPEN);
    git(stage.project, "add", "--all");
    expect((await run("check", "--staged")).exit).toBe(0);
    expect((await run("check", "--staged", "--policy-from", "HEAD")).exit).toBe(65);
  });
});
