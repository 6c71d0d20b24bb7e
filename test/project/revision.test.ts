import { loadAt, loadLayersFrom, openRevision } from "../../src/project/revision.ts";
import { loadTrustRoot } from "../../src/project/trust.ts";
import { testHost } from "../support/npm-session.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { commitAll, git, GIT_ENV } from "../support/git.ts";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let root: string;

beforeEach(() => {
  root = temporaryFolder();
});

function put(path: string, content: unknown): void {
  putInto(root, path, content);
}
const host = () => testHost({ home: temporaryFolder(), env: GIT_ENV });
const load = (project = "app") => loadLayersFrom("main", { project: join(root, project), loadTrustRoot }, host());
const saying = (packages: string) => ({ version: 1, rules: [{ packages: [packages], unsigned: "deny" }] });

describe("the policies of a revision", () => {
  it("are those of the revision, whatever lies there now", async () => {
    put(".signing-policy.json", saying("npm:before"));
    put("app/.signing-policy.json", saying("npm:inner"));
    commitAll(root);
    put(".signing-policy.json", saying("npm:after"));
    rmSync(join(root, "app/.signing-policy.json"));
    const { layers, repositoryRoot } = await load();
    expect(layers.map(({ name, policy }) => [name, policy.rules?.[0]?.packages[0]])).toEqual([
      [".signing-policy.json", "npm:before"],
      ["app/.signing-policy.json", "npm:inner"],
    ]);
    expect(repositoryRoot).toBe(root);
  });

  it("come first; what the change adds is asked after them, also where it lies further out", async () => {
    put("app/.signing-policy.json", saying("npm:inner"));
    commitAll(root);
    put(".signing-policy.json", saying("npm:outer"));
    put("app/deep/.signing-policy.json", saying("npm:deep"));
    const { layers, notes } = await load("app/deep");
    expect(layers.map(({ name }) => name)).toEqual([
      "app/.signing-policy.json",
      ".signing-policy.json",
      "app/deep/.signing-policy.json",
    ]);
    expect(notes[0]).toContain("added by this change and asked as well: .signing-policy.json, app/deep/");
  });

  it("bring their recorded digests along; their bundles are those of the working tree", async () => {
    const recorded = { file: "recorded.json", reason: "x", expires: "2099-01-01" };
    put(".signing-policy.json", { version: 1, recorded, sources: { npm: [{ directory: "bundles" }] } });
    put("recorded.json", { version: 1, packages: { "pkg:npm/a@1.0.0": [`sha512:${"a".repeat(128)}`] } });
    put("app/x", "");
    commitAll(root);
    put("recorded.json", { version: 1, packages: {} });
    const [layer] = (await load()).layers;
    expect(layer?.recorded?.digests.size).toBe(1);
    expect(layer?.sources.npm).toEqual([{ kind: "directory", path: join(root, "bundles") }]);
  });

  it("a policy that names a link of the revision names a file that is not there", async () => {
    const trust = { mine: { trustedRoot: "root.json" } };
    put("app/.signing-policy.json", { version: 1, trust });
    commitAll(root);
    put("app/root.json", "{}");
    await expect(load()).rejects.toMatchObject({ code: "POLICY_FILE_MISSING" });
  });

  it("are compared with those that are here by all of their files, where there are any", async () => {
    put(".signing-policy.json", saying("npm:outer"));
    put("app/x", "");
    commitAll(root);
    put("app/.signing-policy.json", saying("npm:inner"));
    expect([...(await load()).files.keys()].toSorted()).toEqual([".signing-policy.json", "app/.signing-policy.json"]);
    rmSync(join(root, ".signing-policy.json"));
    rmSync(join(root, "app/.signing-policy.json"));
    const { layers, files } = await load();
    expect(layers).toHaveLength(1);
    expect([...files.keys()]).toEqual([".signing-policy.json"]);
  });

  it("one that is named is none where the revision has a link in its place", async () => {
    put("app/x", "");
    put("real.json", saying("npm:a"));
    symlinkSync("real.json", join(root, "named.json"));
    put(".signing-policy.json", saying("npm:a"));
    commitAll(root);
    const snapshot = await openRevision(root, "main", host());
    const policy = join(root, "named.json");
    await expect(loadAt(snapshot, { project: root, policy, loadTrustRoot })).rejects.toMatchObject({
      code: "POLICY_LINK",
      hint: expect.stringContaining("commit the policy itself") as string,
    });
  });

  it("one that is named is that of the revision, whatever lies there now", async () => {
    put("app/.signing-policy.json", saying("npm:before"));
    commitAll(root);
    put("app/.signing-policy.json", saying("npm:after"));
    const snapshot = await openRevision(root, "main", host());
    const policy = join(root, "app/.signing-policy.json");
    const { layers } = await loadAt(snapshot, { project: root, policy, loadTrustRoot });
    expect(layers.map((one) => one.policy.rules?.[0]?.packages[0])).toEqual(["npm:before"]);
  });

  it("a submodule on the way has its own", async () => {
    put(".signing-policy.json", saying("npm:outer"));
    put("app/x", "");
    commitAll(root);
    git(root, "update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},app/sub`);
    const snapshot = await openRevision(root, null, host());
    const { layers } = await loadAt(snapshot, { project: join(root, "app/sub"), loadTrustRoot });
    expect(layers.map(({ name }) => name)).toEqual([".signing-policy.json"]);
  });

  it("a revision without one is an error of its own", async () => {
    put("app/x", "");
    commitAll(root);
    put(".signing-policy.json", saying("npm:mine"));
    await expect(load()).rejects.toMatchObject({
      kind: "policy",
      code: "NO_POLICY",
      hint: expect.stringContaining("reviewed and merged first") as string,
    });
  });

  it("outside of a repository there is no revision", async () => {
    await expect(openRevision(root, "main", host())).rejects.toMatchObject({
      kind: "usage",
      code: "NO_REPOSITORY",
      hint: expect.stringContaining("compare with what git knows") as string,
    });
  });
});
