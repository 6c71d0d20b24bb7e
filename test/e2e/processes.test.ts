/** What tests get of a process that they keep (test/support/kept.ts) is what they get of one that runs once. */
import { BIN, isolated, type Outcome, safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { execa } from "execa";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

it("exit code and both streams, of our own words and of npm's, one run after the other and two at once", async () => {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  const instance = await createInstance();
  await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
  const [home, project] = [temporaryFolder(), join(temporaryFolder(), "project")];
  const files = { "trust/root.json": instance.trustedRoot };
  const lay = (pinned: readonly string[]) =>
    writeProject(project, registry, {
      locked: [{ name: "widget", version: "1.0.0" }],
      policy: policyFor(pinned),
      files,
    });

  const ways: readonly (readonly [readonly string[], readonly string[], number])[] = [
    [["check"], ["widget"], 0],
    [["check", "--report", "json"], [], 65],
    [["npm", "ci"], ["widget"], 0],
    [["npm", "view", "nothing-of-that-name"], [], 1],
    [["frobnicate"], [], 64],
  ];
  for (const [args, pinned, exit] of ways) {
    lay(pinned);
    const own = await ownProcess(args, project, home);
    rmSync(join(project, "node_modules"), { recursive: true, force: true });
    const kept = await safeInstall(args, { cwd: project, home });
    expect(told(kept)).toEqual(told(own));
    expect(kept.exit).toBe(exit);
    expect(existsSync(join(project, "node_modules", "widget"))).toBe(args[1] === "ci");
  }
  // Elsewhere, in other surroundings, and at the same time.
  const other = temporaryFolder();
  writeFileSync(join(other, "package.json"), "{}");
  const [here, there] = await Promise.all([
    safeInstall(["check"], { cwd: project, home }),
    safeInstall(["check"], { cwd: other, home: temporaryFolder(), env: { CI: "true" } }),
  ]);
  expect(told(here)).toEqual(told(await ownProcess(["check"], project, home)));
  expect(there.exit).not.toBe(here.exit);
});

async function ownProcess(args: readonly string[], cwd: string, home: string): Promise<Outcome> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [BIN, ...args], {
    cwd,
    env: isolated(home),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  return { exit: exitCode ?? -1, stdout, stderr };
}

/** Without how long it took, and the name that npm gives its log. */
function told({ exit, stdout, stderr }: Outcome): Outcome {
  const same = (text: string) =>
    text.replaceAll(/\b\d+(?:\.\d+)? ?m?s\b/g, "TIME").replaceAll(/\d{4}-\d\d-\d\dT[\d_:.]+Z/g, "DAY");
  return { exit, stdout: same(stdout), stderr: same(stderr) };
}
