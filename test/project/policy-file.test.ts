import { loadTrustRoot as realTrustRoot } from "../../src/project/trust.ts";
import { createInstance } from "../support/sigstore.ts";
import { loadLayers, policiesBelow } from "../../src/project/policy-file.ts";
import { requireOpenedTimes } from "../../src/project/policy-roots.ts";
import { SafeInstallError } from "../../src/errors.ts";
import type { Thresholds, TrustRoot } from "../../src/model/trust.ts";
import { temporaryFolder } from "../support/folder.ts";
import { layRepository } from "../support/repository.ts";
import { SHA512 } from "../support/policy.ts";
import { chownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const AUDIT = { version: 1, mode: "audit" };

/** A folder tree; values that are not text are JSON. `null` makes a folder, or a repository where it is called `.git`. */
function tree(files: Readonly<Record<string, unknown>>): string {
  const root = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(content === null ? file : dirname(file), { recursive: true });
    if (basename(file) === ".git" && content === null) layRepository(dirname(file));
    if (content !== null)
      writeFileSync(
        file,
        Buffer.isBuffer(content) ? content : typeof content === "string" ? content : JSON.stringify(content),
      );
  }
  return root;
}

const loadTrustRoot = (bytes: Buffer, name: string, thresholds: Thresholds): TrustRoot => ({
  id: `${name} ${bytes.length}`,
  name,
  json: {},
  thresholds,
});
const load = (project: string, policy?: string) =>
  loadLayers({ project, loadTrustRoot, ...(policy === undefined ? {} : { policy }) });
const names = async (project: string, policy?: string) => (await load(project, policy)).layers.map(({ name }) => name);

async function errorOf(work: Promise<unknown>): Promise<SafeInstallError> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SafeInstallError) return error;
  throw new Error(`expected a SafeInstallError, found ${String(error)}`);
}

describe("trust roots that are refreshed", () => {
  const tuf = { mirror: "https://tuf.example", root: "root.json" };
  const first = JSON.stringify({ signed: { _type: "root", version: 1 }, signatures: [] });
  const of = async (policy: object, root = first, real = loadTrustRoot) => {
    const folder = tree({ "repo/.git": null, "repo/.signing-policy.json": { version: 1, ...policy } });
    const project = join(folder, "repo");
    writeFileSync(join(project, "root.json"), root);
    return loadLayers({ project, loadTrustRoot: real });
  };

  it("one mirror, another root or age: another trust root", async () => {
    const ids = await Promise.all(
      [
        of({ trust: { a: { tuf } } }),
        of({ trust: { a: { tuf } } }, `${first}\n`),
        of({ trust: { a: { tuf: { ...tuf, mirror: "https://other.example" } } } }),
        of({ trust: { a: { tuf, maxAge: "30d" } } }),
        of({ trust: { a: { tuf, tlog: 0 } } }),
        of({ trust: { a: { tuf: { ...tuf, mirror: `${tuf.mirror}/` } } } }),
      ].map(async (loaded) => (await loaded).roots[0]?.id),
    );
    expect(new Set(ids).size).toBe(5);
    expect(ids[5]).toBe(ids[0]);
  });

  it("the built-in ones where they are named, with what the policy says of their age", async () => {
    const githubActions = { repository: "acme/widget" };
    const asking = await of({ signers: { a: { githubActions, trust: "github" } } });
    expect(asking.roots.map(({ id, tuf }) => [id, tuf])).toEqual([["github", "built-in"]]);
    expect(asking.layers[0]?.roots).toEqual({ "public-good": "public-good", github: "github" });
    const aged = await of({ trust: { "public-good": { maxAge: "2d" } } });
    expect(aged.roots).toMatchObject([{ name: "public-good", maxAgeMs: 172_800_000 }]);
    expect(aged.layers[0]?.roots["public-good"]).toBe(aged.roots[0]?.id);
  });

  it.each(["{}", "no JSON", '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}'])(
    "a first root that is none is said when it is loaded: %s",
    async (text) => {
      expect(await errorOf(of({ trust: { a: { tuf } } }, text))).toMatchObject({
        code: "TRUST_ROOT_INVALID",
        hint: expect.stringContaining("goes under trustedRoot") as string,
      });
    },
  );

  it("a keyless signer under a root that has neither log nor timestamps is said when it is loaded", async () => {
    const { trustedRoot } = await createInstance({ curve: "P-256" });
    const trust = { mine: { trustedRoot: "root.json" } };
    const keyless = { signers: { a: { githubActions: { repository: "acme/widget" }, trust: "mine" } }, trust };
    const bare = JSON.stringify({ ...trustedRoot, tlogs: [], timestampAuthorities: [] });
    expect(await errorOf(of(keyless, bare, realTrustRoot))).toMatchObject({
      code: "TRUST_ROOT_INVALID",
      message: expect.stringContaining('the signer "a"'),
    });
    const unasked = JSON.stringify({ ...trustedRoot, timestampAuthorities: [] });
    const withoutLog = { ...keyless, trust: { mine: { trustedRoot: "root.json", tlog: 0 } } };
    expect(await errorOf(of(withoutLog, unasked, realTrustRoot))).toMatchObject({ code: "TRUST_ROOT_INVALID" });
    expect((await of(keyless, unasked, realTrustRoot)).layers).toHaveLength(1);
    expect((await of({ trust }, bare, realTrustRoot)).layers).toHaveLength(1);
  });

  it("and where such a root is fetched, as soon as it is there", async () => {
    const { trustedRoot } = await createInstance({ curve: "P-256" });
    const trust = { mine: { tuf, tlog: 0 } };
    const keyless = { signers: { a: { githubActions: { repository: "acme/widget" }, trust: "mine" } }, trust };
    const { layers, roots } = await of(keyless);
    const opened = (more: object) => roots.map((root) => ({ ...root, json: { ...trustedRoot, ...more } }));
    expect(() => requireOpenedTimes(layers, roots)).not.toThrow();
    expect(() => requireOpenedTimes(layers, opened({}))).not.toThrow();
    expect(() => requireOpenedTimes(layers, opened({ timestampAuthorities: [] }))).toThrow(
      expect.objectContaining({ code: "TRUST_ROOT_INVALID", message: expect.stringContaining('the signer "a"') }),
    );
    const keyed = [{ ...layers[0]!, policy: { ...layers[0]!.policy, signers: {} } }];
    expect(() => requireOpenedTimes(keyed, opened({ timestampAuthorities: [] }))).not.toThrow();
  });

  it("a root is read for its times once, however many signers stand under it", async () => {
    const { trustedRoot } = await createInstance({ curve: "P-256" });
    let reads = 0;
    const counting: typeof realTrustRoot = (bytes, name, thresholds) => {
      const json = { ...trustedRoot };
      Object.defineProperty(json, "tlogs", { enumerable: true, get: () => (reads++, trustedRoot.tlogs) });
      return { ...realTrustRoot(bytes, name, thresholds), json };
    };
    const one = { githubActions: { repository: "acme/widget" }, trust: "mine" };
    const policyOf = (names: string) => ({
      signers: Object.fromEntries(names.split("").map((name) => [name, one])),
      trust: { mine: { trustedRoot: "root.json" } },
    });
    const readsFor = async (names: string) => {
      reads = 0;
      await of(policyOf(names), JSON.stringify(trustedRoot), counting);
      return reads;
    };
    expect(await readsFor("a")).toBeGreaterThan(0);
    expect(await readsFor("abcdefgh")).toBe(await readsFor("a"));
  });
});

describe("which policies apply", () => {
  it("every one from the repository's root down to the project, the outermost first", async () => {
    const root = tree({
      "repo/.git": null,
      "repo/.signing-policy.json": AUDIT,
      "repo/packages/.signing-policy.json": AUDIT,
      "repo/packages/a/.signing-policy.json": AUDIT,
      "repo/packages/b/.signing-policy.json": AUDIT,
      "repo/packages/a/src/.signing-policy.json": AUDIT,
      ".signing-policy.json": AUDIT,
    });
    const project = join(root, "repo/packages/a");
    const loaded = await load(project);
    expect(loaded.layers.map(({ name }) => name)).toEqual([
      ".signing-policy.json",
      "packages/.signing-policy.json",
      "packages/a/.signing-policy.json",
    ]);
    expect(loaded.repositoryRoot).toBe(join(root, "repo"));
    expect(loaded.notes).toEqual([]);
    expect(loaded.layers[0]?.roots).toEqual({ "public-good": "public-good" });
    expect(loaded.layers[0]?.index?.policy).toBe(loaded.layers[0]?.policy);
  });

  it("the nearest .git is the root, also when it is a linked worktree's", async () => {
    const root = tree({
      ".git": null,
      ".signing-policy.json": AUDIT,
      ".git/worktrees/inner/HEAD": "ref: refs/heads/inner\n",
      ".git/worktrees/inner/commondir": "../..\n",
      ".git/worktrees/inner/gitdir": "../../../inner/.git\n",
      "inner/.git": "gitdir: ../.git/worktrees/inner\n",
      "inner/.signing-policy.json": AUDIT,
    });
    expect(await names(join(root, "inner"))).toEqual([".signing-policy.json"]);
    expect((await load(join(root, "inner"))).repositoryRoot).toBe(join(root, "inner"));
  });

  it("a submodule is a part of the repository around it: it cannot cut itself off from the policies above", async () => {
    const root = tree({
      ".git": null,
      ".signing-policy.json": AUDIT,
      ".git/modules/inner/HEAD": "ref: refs/heads/main\n",
      ".git/modules/inner/objects": null,
      ".git/modules/inner/refs": null,
      "inner/.git": "gitdir: ../.git/modules/inner\n",
      "inner/.signing-policy.json": AUDIT,
    });
    expect(await names(join(root, "inner"))).toEqual([".signing-policy.json", "inner/.signing-policy.json"]);
    expect((await load(join(root, "inner"))).repositoryRoot).toBe(root);
  });

  it("a submodule without a repository around it is the root", async () => {
    const root = tree({ "inner/.git": "gitdir: elsewhere", "inner/.signing-policy.json": AUDIT });
    expect((await load(join(root, "inner"))).repositoryRoot).toBe(join(root, "inner"));
  });

  it("without a repository only the project's own, and it says so", async () => {
    const root = tree({ ".signing-policy.json": AUDIT, "project/.signing-policy.json": AUDIT });
    const loaded = await load(join(root, "project"));
    expect(loaded.layers).toHaveLength(1);
    expect(loaded.repositoryRoot).toBe(join(root, "project"));
    expect(loaded.notes).toEqual([expect.stringContaining("no git repository")]);
    expect((await load(join(root, "project"), join(root, ".signing-policy.json"))).notes).toEqual([]);
  });

  it("a link to the project leads to the policies of where it really is", async () => {
    const root = tree({ "repo/.git": null, "repo/a/.signing-policy.json": AUDIT, "else/.git": null });
    symlinkSync(join(root, "repo/a"), join(root, "else/link"));
    expect(await names(join(root, "else/link"))).toEqual(["a/.signing-policy.json"]);
  });

  it.skipIf(process.getuid?.() !== 0)("another owner's folder is not entered", async () => {
    const root = tree({ ".git": null, ".signing-policy.json": AUDIT, "project/.signing-policy.json": AUDIT });
    chownSync(join(root, "project"), 12_345, 12_345);
    const loaded = await load(join(root, "project"));
    expect(loaded.repositoryRoot).toBe(join(root, "project"));
    expect(loaded.layers).toHaveLength(1);
    expect(loaded.notes).toHaveLength(1);
  });

  it("none: the next step", async () => {
    const root = tree({ ".git": null, "project/package.json": {} });
    const error = await errorOf(load(join(root, "project")));
    expect(error).toMatchObject({ kind: "policy", code: "NO_POLICY" });
    expect(error.hint).toContain('{ "version": 1, "mode": "audit" }');
  });

  it("those between the project and where a command was typed are known by name", async () => {
    const root = tree({ ".git": null, ".signing-policy.json": AUDIT, "a/.signing-policy.json": AUDIT, "a/b": null });
    expect(await policiesBelow(root, join(root, "a/b"))).toEqual(["a/.signing-policy.json"]);
    expect(await policiesBelow(join(root, "a"), root)).toEqual([]);
    expect(await policiesBelow(root, root)).toEqual([]);
    expect(await policiesBelow(join(root, "none"), root)).toEqual([]);
    expect(await policiesBelow(root, join(root, "a/none"))).toEqual(["a/.signing-policy.json"]);
    const link = join(temporaryFolder(), "link");
    symlinkSync(root, link);
    expect(await policiesBelow(link, join(link, "a/b"))).toEqual(["a/.signing-policy.json"]);
    expect(await policiesBelow(root, join(link, "a"))).toEqual(["a/.signing-policy.json"]);
  });

  it("--policy replaces the search", async () => {
    const root = tree({
      ".git": null,
      ".signing-policy.json": "not JSON",
      "other/policy.json": AUDIT,
      "project/x": "",
    });
    expect(await names(join(root, "project"), join(root, "other/policy.json"))).toEqual(["other/policy.json"]);
    expect(await errorOf(load(join(root, "project"), join(root, "missing.json")))).toMatchObject({
      code: "NO_POLICY",
      hint: "look at --policy",
    });
  });

  it("one that is wrong is an error, also an outer one", async () => {
    const root = tree({ ".git": null, ".signing-policy.json": { version: 2 }, "a/.signing-policy.json": AUDIT });
    expect((await errorOf(load(join(root, "a")))).message).toContain(".signing-policy.json:1:");
  });

  it("a link that leads nowhere or out of the repository is an error, never an absent policy", async () => {
    const root = tree({ "repo/.git": null, "outside.json": AUDIT, "repo/a/.signing-policy.json": AUDIT });
    symlinkSync(join(root, "outside.json"), join(root, "repo/.signing-policy.json"));
    expect(await errorOf(load(join(root, "repo/a")))).toMatchObject({ code: "POLICY_PATH_OUTSIDE" });
    const other = tree({ ".git": null });
    symlinkSync(join(other, "missing.json"), join(other, ".signing-policy.json"));
    expect(await errorOf(load(other))).toMatchObject({
      code: "POLICY_FILE_MISSING",
      hint: expect.stringContaining("paths are relative") as string,
    });
  });

  it("a folder of that name, and text that is not UTF-8, are errors", async () => {
    expect(await errorOf(load(tree({ ".git": null, ".signing-policy.json/x": "" })))).toBeInstanceOf(SafeInstallError);
    const latin = tree({
      ".git": null,
      ".signing-policy.json": Buffer.from('{ "version": 1, "$schema": "\xe9" }', "latin1"),
    });
    expect(await errorOf(load(latin))).toMatchObject({ code: "POLICY_SYNTAX" });
  });
});

describe("what policies name", () => {
  const trusting = (trustedRoot: string) => ({ version: 1, trust: { corp: { trustedRoot, tlog: 0 } } });

  it("trust roots, with their thresholds; equal ones once", async () => {
    const root = tree({
      ".git": null,
      ".signing-policy.json": trusting("trust/corp.json"),
      "a/.signing-policy.json": trusting("../trust/corp.json"),
      "trust/corp.json": "{}",
    });
    const { layers, roots } = await load(join(root, "a"));
    expect(roots).toEqual([{ id: "corp 2", name: "corp", json: {}, thresholds: { tlog: 0, sct: 1, timestamps: 1 } }]);
    expect(layers[1]?.roots).toEqual({ "public-good": "public-good", corp: "corp 2" });
  });

  it.each([
    ["above the repository", "../corp.json", "POLICY_PATH_OUTSIDE"],
    ["above, by a detour", "trust/../../corp.json", "POLICY_PATH_OUTSIDE"],
    ["through a link", "link/corp.json", "POLICY_PATH_OUTSIDE"],
    ["nowhere", "missing.json", "POLICY_FILE_MISSING"],
  ])("%s: refused", async (_, path, code) => {
    const root = tree({
      "repo/.git": null,
      "repo/.signing-policy.json": trusting(path),
      "corp.json": "{}",
      "repo/trust/x": "",
    });
    symlinkSync(root, join(root, "repo/link"));
    expect(await errorOf(load(join(root, "repo")))).toMatchObject({ kind: "policy", code });
  });

  it("with --policy the boundary is that file's folder", async () => {
    const root = tree({ ".git": null, "policies/p.json": trusting("../corp.json"), "corp.json": "{}" });
    expect(await errorOf(load(root, join(root, "policies/p.json")))).toMatchObject({ code: "POLICY_PATH_OUTSIDE" });
  });

  const recording = { version: 1, recorded: { file: "known.json", reason: "x", expires: "2027-01-01" } };

  it("recorded digests", async () => {
    const known = { version: 1, packages: { "pkg:npm/left-pad@1.3.0": [SHA512] } };
    const { layers } = await load(tree({ ".git": null, ".signing-policy.json": recording, "known.json": known }));
    expect(layers[0]?.recorded?.digests.get("npm:left-pad@1.3.0")).toEqual([SHA512]);
  });

  it("recorded digests that are missing or wrong are errors", async () => {
    expect(await errorOf(load(tree({ ".git": null, ".signing-policy.json": recording })))).toMatchObject({
      code: "POLICY_FILE_MISSING",
    });
    const wrong = tree({ ".git": null, "a/.signing-policy.json": recording, "a/known.json": { version: 1 } });
    expect((await errorOf(load(join(wrong, "a")))).message).toContain("a/known.json:1:1:");
  });

  it("sources, with absolute folders inside the repository", async () => {
    const sources = { npm: [{ attestations: "https://npm.example" }, { directory: "bundles" }, { github: true }] };
    const root = tree({ ".git": null, "a/.signing-policy.json": { version: 1, sources } });
    const { layers } = await load(join(root, "a"));
    expect(layers[0]?.sources).toEqual({
      npm: [
        { kind: "attestations", url: "https://npm.example" },
        { kind: "directory", path: join(root, "a/bundles") },
        { kind: "github" },
      ],
    });
    const outside = tree({
      ".git": null,
      ".signing-policy.json": { version: 1, sources: { npm: [{ directory: "../bundles" }] } },
    });
    expect(await errorOf(load(outside))).toMatchObject({ code: "POLICY_PATH_OUTSIDE" });
  });

  it("a policy's digest is that of its text", async () => {
    const [one, other] = await Promise.all(
      ['{"version":1}', '{ "version":1}'].map((text) => load(tree({ ".signing-policy.json": text }))),
    );
    expect(one?.layers[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(one?.layers[0]?.digest).not.toBe(other?.layers[0]?.digest);
  });
});
