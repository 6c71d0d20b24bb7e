import { readManifests } from "../../../../../plugins/npm/resolve/stage/manifests.ts";
import { temporaryFolder } from "../../../../support/folder.ts";
import { testHost } from "../../../../support/npm-session.ts";
import { createHash } from "node:crypto";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let root: string;
beforeEach(() => {
  root = realpathSync(temporaryFolder());
});

function put(path: string, content: unknown): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
}

interface Asked {
  readonly specs?: readonly string[];
  readonly lock?: unknown;
  readonly listed?: Parameters<typeof readManifests>[4];
  readonly cwd?: string;
}

/** The project is `app`. */
async function read({ specs = [], lock = null, listed = [], cwd = "app" }: Asked = {}) {
  const origin = { repositoryRoot: root, project: join(root, "app"), cwd: join(root, cwd) };
  const text = lock === null ? null : Buffer.from(typeof lock === "string" ? lock : JSON.stringify(lock));
  const found = await readManifests(origin, specs, text, testHost({ home: temporaryFolder() }), listed);
  const has = found.files.map(({ path, content }) => (content === null ? `no ${path}` : path)).toSorted();
  return { has, links: Object.fromEntries(found.links), archives: found.archives };
}

const refused = (code: string, message: string) => ({ code, message: expect.stringContaining(message) as string });
const FOLDER = { dependencies: { own: "file:own" } };

describe("what npm reads when it resolves", () => {
  it("is package.json of the project, also where there is none", async () => {
    mkdirSync(join(root, "app"));
    expect(await read()).toEqual({ has: ["no app/package.json"], links: {}, archives: [] });
    put("app/package.json", { dependencies: { a: "^1.0.0", b: "npm:c@1" } });
    expect((await read()).has).toEqual(["app/package.json"]);
  });

  it.each(["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"])(
    "is that of folders that its %s name, and what those name",
    async (kind) => {
      put("app/package.json", { [kind]: { own: "file:own", nothing: 7 } });
      put("app/own/package.json", { dependencies: { deep: "file:../../deep" } });
      put("deep/package.json", { dependencies: { back: "file:../app/own" } });
      expect((await read()).has).toEqual(["app/own/package.json", "app/package.json", "deep/package.json"]);
    },
  );

  it("is that of its workspaces, and of no folder's own workspaces", async () => {
    put("app/package.json", { workspaces: ["packages/*"], ...FOLDER });
    put("app/packages/a/package.json", { name: "a" });
    put("app/own/package.json", { name: "own", workspaces: ["inner"] });
    put("app/own/inner/package.json", { name: "inner" });
    expect((await read()).has).toEqual(["app/own/package.json", "app/package.json", "app/packages/a/package.json"]);
  });

  it("is that of folders that were typed, from where it was typed", async () => {
    put("app/package.json", {});
    put("app/deep/own/package.json", {});
    expect((await read({ specs: ["./own", "registry@1"], cwd: "app/deep" })).has).toEqual([
      "app/deep/own/package.json",
      "app/package.json",
    ]);
  });

  it("is that of folders that the lock links to", async () => {
    put("app/package.json", {});
    put("own/package.json", {});
    const packages = {
      "node_modules/own": { link: true, resolved: "../own" },
      "node_modules/a": { resolved: "../a" },
      "node_modules/b": { link: true, resolved: 7 },
      "node_modules/c": null,
    };
    expect((await read({ lock: { packages } })).has).toEqual(["app/package.json", "own/package.json"]);
    for (const lock of ["{", "null", "{}", { packages: null }])
      expect((await read({ lock })).has).toEqual(["app/package.json"]);
  });

  it("is an archive that the policy lists", async () => {
    put("app/package.json", { dependencies: { a: "file:../vendor/a.tgz" } });
    put("vendor/a.tgz", "archive");
    const sha512 = createHash("sha512").update("archive").digest("hex");
    const { archives } = await read({ listed: [{ place: { path: "vendor/a.tgz" }, sha512 }] });
    expect(archives).toEqual([{ path: "vendor/a.tgz", content: Buffer.from("archive") }]);
    await expect(read({ listed: [{ place: { path: "vendor/a.tgz" }, sha512: "ab" }] })).rejects.toMatchObject(
      refused("ARCHIVE_MISMATCH", `has the sha512 ${sha512}, the policy lists ab`),
    );
  });

  it.skipIf(process.platform === "win32")("is read behind links in the repository, which are remembered", async () => {
    put("app/package.json", { dependencies: { own: "file:../link/own" } });
    put("real/own/package.json", { dependencies: { deep: "file:../deep" } });
    put("real/deep/package.json", {});
    symlinkSync("real", join(root, "link"));
    const { has, links } = await read();
    expect(has).toEqual(["app/package.json", "real/deep/package.json", "real/own/package.json"]);
    expect(links).toEqual({ link: "real" });
  });
});

describe("what is refused before npm is started", () => {
  it.each([
    [{ dependencies: { a: "acme/a" } }, "GIT_DEPENDENCY", "app/package.json: acme/a"],
    [{ overrides: { a: "acme/a" } }, "GIT_DEPENDENCY", "acme/a"],
    [{ overrides: { b: { c: { ".": "https://h.example/a.tgz" } } } }, "REMOTE_DEPENDENCY", "h.example"],
    [{ overrides: { "a@^1": "file:/elsewhere" } }, "FILE_DEPENDENCY", "an absolute path"],
    [{ dependencies: { a: "file:../../outside" } }, "FILE_DEPENDENCY", "is outside of the repository"],
    ["{", "LOCK_UNSUPPORTED", "app/package.json is no JSON"],
    ['{"name":"a","name":"b"}', "LOCK_UNSUPPORTED", "app/package.json has a"],
  ])("%j", async (manifest, code, message) => {
    put("app/package.json", manifest);
    await expect(read()).rejects.toMatchObject(refused(code, message));
  });

  it("workspaces that npm cannot tell", async () => {
    put("app/package.json", { workspaces: ["packages/*"] });
    for (const one of ["a", "b"]) put(`app/packages/${one}/package.json`, { name: "same" });
    await expect(read()).rejects.toMatchObject(refused("NPM_WORKSPACES", "npm cannot tell the workspaces"));
  });

  it("no reference to a dependency, and no empty one", async () => {
    put("app/package.json", { dependencies: { a: "1" }, overrides: { b: "$a", c: "", d: { ".": "2" }, e: null } });
    expect((await read()).has).toEqual(["app/package.json"]);
  });

  it.skipIf(process.platform === "win32")("links that lead out, or in the place of a manifest", async () => {
    put("app/package.json", FOLDER);
    put("app/own/other.json", {});
    symlinkSync("other.json", join(root, "app/own/package.json"));
    await expect(read()).rejects.toMatchObject(refused("FILE_DEPENDENCY", "package.json is a symbolic link"));
    put("app/package.json", { dependencies: { own: "file:out/x" } });
    symlinkSync("/", join(root, "app/out"));
    await expect(read()).rejects.toMatchObject(refused("FILE_DEPENDENCY", "is outside of the repository"));
  });
});
