import { runAt } from "../support/author.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

/** What init and pin write, where a clone or somebody else has a hand in the files. */

const LOCKED = [{ name: "plain", version: "1.0.0" }];
const RECORDED = { file: ".signing-recorded.json", reason: "r", expires: "2099-01-01" };
const POLICY = { version: 1, recorded: RECORDED, rules: [{ packages: ["npm:*"], unsigned: "recorded" }] };
const NOTHING = '{ "version": 1, "packages": {} }\n';

test.each([
  [".signing-recorded.json", "OUTPUT_LINK", 64],
  [".signing-policy.json", "POLICY_PATH_OUTSIDE", 78],
])("a link %s out of the repository is not written through", async (name, words, code) => {
  const registry = await startRegistry({ packages: LOCKED });
  onTestFinished(() => registry.close());
  const [home, outside] = [temporaryFolder(), join(temporaryFolder(), "mine")];
  const project = join(temporaryFolder(), "project");
  writeProject(project, registry, { locked: LOCKED, policy: POLICY });
  rmSync(join(project, ".signing-policy.json"));
  writeFileSync(outside, "mine");
  symlinkSync(outside, join(project, name));
  const { exit, stderr } = await runAt(project, home, ["init", "--record"]);
  expect({ exit, stderr }).toMatchObject({ exit: code, stderr: expect.stringContaining(words) });
  expect(readFileSync(outside, "utf8")).toBe("mine");
  expect(lstatSync(join(project, name)).isSymbolicLink()).toBe(true);
});

test.each([
  [".signing-policy.json", JSON.stringify({ ...POLICY, revoked: [{ package: "pkg:npm/bad", reason: "stolen" }] })],
  [
    ".signing-recorded.json",
    '{ "version": 1, "packages": { "pkg:npm/b@1.0.0": ["sha256:' + "ab".repeat(32) + '"] } }\n',
  ],
])("what somebody else writes into %s meanwhile is not lost", async (name, text) => {
  const project = join(temporaryFolder(), "project");
  const registry = await startRegistry({
    packages: LOCKED,
    intercept: (request) => {
      if (request.url?.includes("plain") === true) writeFileSync(join(project, name), text);
      return false;
    },
  });
  onTestFinished(() => registry.close());
  const home = temporaryFolder();
  writeProject(project, registry, { locked: LOCKED, policy: POLICY, files: { ".signing-recorded.json": NOTHING } });
  const { exit, stderr } = await runAt(project, home, ["policy", "pin", "--write"]);
  expect({ exit, stderr }).toMatchObject({ exit: 78, stderr: expect.stringContaining("POLICY_CHANGED") });
  expect(readFileSync(join(project, name), "utf8")).toBe(text);
});

test("a recorded file that no policy names is not overwritten", async () => {
  const registry = await startRegistry({ packages: LOCKED });
  onTestFinished(() => registry.close());
  const [home, project] = [temporaryFolder(), join(temporaryFolder(), "project")];
  writeProject(project, registry, { locked: LOCKED });
  writeFileSync(join(project, ".signing-recorded.json"), "mine");
  const { exit, stderr } = await runAt(project, home, ["init", "--record"]);
  expect({ exit, stderr }).toMatchObject({ exit: 78, stderr: expect.stringContaining("RECORDED_UNNAMED") });
  expect(readFileSync(join(project, ".signing-recorded.json"), "utf8")).toBe("mine");
  expect(existsSync(join(project, ".signing-policy.json"))).toBe(false);
});

test("a link within the repository is not written through either", async () => {
  const registry = await startRegistry({ packages: LOCKED });
  onTestFinished(() => registry.close());
  const [home, project] = [temporaryFolder(), join(temporaryFolder(), "project")];
  writeProject(project, registry, { locked: LOCKED, policy: POLICY, files: { "digests.json": NOTHING } });
  symlinkSync("digests.json", join(project, ".signing-recorded.json"));
  const { exit, stderr } = await runAt(project, home, ["policy", "pin", "--write"]);
  expect({ exit, stderr }).toMatchObject({ exit: 64, stderr: expect.stringContaining("OUTPUT_LINK") });
  expect(readFileSync(join(project, "digests.json"), "utf8")).toBe(NOTHING);
});
