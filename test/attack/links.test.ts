/** A policy that a revision or the index holds as a link is an error, never an absent one. */
import { loadAt, loadLayersFrom, openRevision } from "../../src/project/revision.ts";
import { loadTrustRoot } from "../../src/project/trust.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, git, GIT_ENV } from "../support/git.ts";
import { testHost } from "../support/npm-session.ts";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

const NAME = ".signing-policy.json";
const POLICY = '{ "version": 1, "mode": "enforce" }';
let root: string;
let app: string;

beforeEach(() => {
  root = temporaryFolder();
  app = join(root, "app");
  mkdirSync(app);
  writeFileSync(join(root, "real.json"), POLICY);
  writeFileSync(join(app, NAME), POLICY);
});

const host = () => testHost({ home: temporaryFolder(), env: GIT_ENV });
const fromMain = () => loadLayersFrom("main", { project: app, loadTrustRoot }, host());
const fromIndex = async () => loadAt(await openRevision(app, null, host()), { project: app, loadTrustRoot });

describe.each([
  ["a revision", fromMain],
  ["the index", fromIndex],
] as const)("in %s", (_, load) => {
  it("the root policy is a link", async () => {
    symlinkSync("real.json", join(root, NAME));
    commitAll(root);
    await expect(load()).rejects.toMatchObject({ kind: "policy", code: "POLICY_LINK" });
  });

  it("the link leads nowhere, and the working tree has a file there by now", async () => {
    symlinkSync("/nowhere", join(root, NAME));
    commitAll(root);
    rmSync(join(root, NAME));
    writeFileSync(join(root, NAME), '{ "version": 1, "mode": "audit" }');
    await expect(load()).rejects.toMatchObject({ code: "POLICY_LINK" });
  });

  it("the folder on the way is a link", async () => {
    writeFileSync(join(root, NAME), POLICY);
    renameSync(app, join(root, "other"));
    symlinkSync("other", app);
    commitAll(root);
    rmSync(app);
    mkdirSync(app);
    await expect(load()).rejects.toMatchObject({ code: "POLICY_LINK" });
  });

  it("a file that the policy names is a link", async () => {
    const trust = { own: { trustedRoot: "root.json" } };
    writeFileSync(join(root, NAME), JSON.stringify({ version: 1, trust }));
    symlinkSync("real.json", join(root, "root.json"));
    commitAll(root);
    await expect(load()).rejects.toMatchObject({ kind: "policy", code: "POLICY_FILE_MISSING" });
  });

  it("links elsewhere are nobody's business", async () => {
    writeFileSync(join(root, NAME), POLICY);
    mkdirSync(join(root, "fixtures"));
    symlinkSync("../real.json", join(root, "fixtures", NAME));
    commitAll(root);
    git(root, "status");
    expect((await load()).layers.map(({ name }) => name)).toEqual([NAME, `app/${NAME}`]);
  });
});
