/** The lines of docs/ci.md, "Bots", as a job would run them for a pull request of one. */
import { runAt } from "../support/author.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, git } from "../support/git.ts";
import { page } from "../support/pages.ts";
import { writeProject } from "../support/project.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, pipelineOf, policyFor, publishSigned } from "../support/signed.ts";
import { githubIdentity, type Instance } from "../support/sigstore.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

let instance: Instance;
let registry: Registry;
let home: string;
let project: string;

const MALLORY = githubIdentity({
  repository: "mallory/widget",
  workflow: ".github/workflows/release.yml",
  ref: "refs/tags/v3.0.0",
});

beforeAll(async () => {
  instance = await createInstance({ curve: "P-256" });
  registry = await startRegistry();
  for (const version of ["1.0.0", "2.0.0"]) await publishSigned(registry, instance, { name: "widget", version });
  await publishSigned(registry, instance, { name: "widget", version: "3.0.0" }, { identity: MALLORY });
  for (const version of ["1.0.0", "1.1.0"]) registry.publish({ name: "plain", version });
  const signed = { identity: pipelineOf("plain", "1.2.0") };
  await publishSigned(registry, instance, { name: "plain", version: "1.2.0" }, signed);
  registry.publish({ name: "fresh", version: "1.0.0" });
  const manifest = { repository: { type: "git", url: "git+https://github.com/acme/says.git" } };
  registry.publish({ name: "says", version: "1.0.0", manifest });
  await publishSigned(
    registry,
    instance,
    { name: "says", version: "1.1.0", manifest },
    { identity: pipelineOf("says", "1.1.0") },
  );
});
afterAll(() => registry.close());

const POLICY = policyFor(["widget"], {
  recorded: { file: ".signing-recorded.json", reason: "reviewed", expires: "2099-01-01" },
  rules: [
    { packages: ["npm:widget"], signedBy: ["widget"] },
    { packages: ["npm:plain", "npm:says"], unsigned: "recorded" },
  ],
});

type Locked = { readonly name: string; readonly version: string };

const lay = (locked: readonly Locked[], policy: object = POLICY) =>
  writeProject(project, registry, { locked: [...locked], policy, files: { "trust/root.json": instance.trustedRoot } });
const recorded = () => readFileSync(join(project, ".signing-recorded.json"), "utf8");
const versions = () => Object.keys((JSON.parse(recorded()) as { packages: object }).packages);
const run = (...args: string[]) => runAt(project, home, args);

beforeEach(async () => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
  lay([
    { name: "widget", version: "1.0.0" },
    { name: "plain", version: "1.0.0" },
    { name: "says", version: "1.0.0" },
  ]);
  writeFileSync(join(project, ".signing-recorded.json"), '{ "version": 1, "packages": {} }\n');
  expect((await run("policy", "pin", "plain", "says", "--write")).exit).toBe(0);
  git(project, "update-ref", "refs/remotes/origin/main", commitAll(project));
});

/** What the bot's branch brings, then the lines of the page. @returns the exit of each safe-install */
async function pullRequest(...args: Parameters<typeof lay>): Promise<readonly number[]> {
  lay(...args);
  commitAll(project);
  const lines =
    page("docs/ci.md")
      .blocks.find(({ text }) => text.includes("--known"))
      ?.text.trim()
      .split("\n") ?? [];
  const exits: number[] = [];
  for (const line of lines) {
    const [program, ...words] = line.split(" ");
    if (program === "git") git(project, ...words);
    else exits.push((await run(...words)).exit);
  }
  return exits;
}

it("new versions of what is signed and of what is recorded: the digest is added, and all is let in", async () => {
  const exits = await pullRequest([
    { name: "widget", version: "2.0.0" },
    { name: "plain", version: "1.1.0" },
  ]);
  expect(exits).toEqual([0, 0]);
  expect(versions()).toEqual(["pkg:npm/plain@1.0.0", "pkg:npm/plain@1.1.0", "pkg:npm/says@1.0.0"]);
  expect(git(project, "status", "--porcelain").trim()).toBe("M .signing-recorded.json");
  expect((await run("check", "--policy-from", "refs/remotes/origin/main")).exit).toBe(65);
});

it("what --known leaves alone is not pinned by its name either", async () => {
  lay([
    { name: "widget", version: "3.0.0" },
    { name: "plain", version: "1.1.0" },
    { name: "says", version: "1.0.0" },
  ]);
  const policy = () => readFileSync(join(project, ".signing-policy.json"), "utf8");
  const before = policy();
  expect((await run("policy", "pin", "widget", "--known", "--write")).exit).toBe(65);
  expect(policy()).toBe(before);
  expect(versions()).toEqual(["pkg:npm/plain@1.0.0", "pkg:npm/says@1.0.0"]);
  await run("policy", "pin", "plain", "--known", "--write");
  expect(versions()).toContain("pkg:npm/plain@1.1.0");
});

it.each<[string, readonly Locked[], object]>([
  ["a version that somebody else signs", [{ name: "widget", version: "3.0.0" }], POLICY],
  ["the same from where the recorded version says that it comes", [{ name: "says", version: "1.1.0" }], POLICY],
  ["a name that is new", [{ name: "fresh", version: "1.0.0" }], POLICY],
  [
    "a recorded name whose new version somebody signs: whom to trust is a person's to say",
    [{ name: "plain", version: "1.2.0" }],
    POLICY,
  ],
  [
    "a policy of its own",
    [{ name: "fresh", version: "1.0.0" }],
    { ...POLICY, rules: [{ packages: ["npm:*"], unsigned: "allow", reason: "x", expires: "2099-01-01" }] },
  ],
])("%s needs a person", async (_, locked, policy) => {
  const before = recorded();
  expect(await pullRequest(locked, policy)).toEqual([65, 65]);
  expect(recorded()).toBe(before);
});
