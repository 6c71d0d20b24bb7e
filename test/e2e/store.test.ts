import { createStore } from "../../src/io/store/store.ts";
import { digestOf } from "../../src/plugin.ts";
import { BIN, safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { csproj, hasDotnet } from "../support/nuget/project.ts";
import { policyFor as nugetPolicy, stage as nugetStage, startScene } from "../support/nuget/scene.ts";
import { writeProject } from "../support/project.ts";
import { makeWheel, startIndex } from "../support/pypi.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { publishSigned as publishWheel } from "../support/pypi/signed.ts";
import { setStage } from "../support/pypi/stage.ts";
import { startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { execa } from "execa";
import { createHash, randomBytes } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";

const STORE = pathToFileURL(join(dirname(BIN), "io", "store", "store.js")).href;

/** Keeps, takes and damages the same entries again and again; ends with 1 where it was given bytes that do not hold. */
const WORKER = `
import { createHash, randomBytes } from "node:crypto";
import { rmSync, readFileSync, writeFileSync } from "node:fs";
import { createStore } from ${JSON.stringify(STORE)};
const [cache, folder, count] = process.argv.slice(1);
const store = createStore(cache);
const sum = (name, bytes) => ({ algorithm: name, hex: createHash(name).update(bytes).digest("hex") });
for (let round = 0; round < 40; round++) {
  for (let at = 0; at < Number(count); at++) {
    const bytes = readFileSync(folder + "/given-" + at);
    const digests = [sum("sha256", bytes), sum("sha512", bytes)];
    const into = folder + "/taken-" + process.pid;
    const taken = await store.take({ digests: [digests[round % 2]] }, into);
    if (taken !== null && !readFileSync(into).equals(bytes)) process.exit(1);
    rmSync(into, { force: true });
    const { hex } = digests[1];
    if (round % 7 === process.pid % 7)
      try { writeFileSync(cache + "/store/" + hex.slice(0, 2) + "/" + hex, randomBytes(9)); } catch {}
    await store.keep(folder + "/given-" + at, { digests });
  }
}
`;

it("several processes keep, take and damage the same: nobody is given what does not hold", async () => {
  const folder = temporaryFolder();
  const cache = join(folder, "cache");
  const given = [1000, 70_000, 1_200_000].map((size) => randomBytes(size));
  given.forEach((bytes, at) => writeFileSync(join(folder, `given-${at}`), bytes));
  const args = ["--input-type=module", "-e", WORKER, cache, folder, String(given.length)];
  await Promise.all(Array.from({ length: 4 }, () => execa(process.execPath, args)));
  const store = createStore(cache);
  for (const [at, bytes] of given.entries()) {
    const hex = createHash("sha512").update(bytes).digest("hex");
    const digests = [digestOf("sha512", hex)!];
    const into = join(folder, "out");
    // One that was damaged last goes with the first question.
    await store.take({ digests }, into);
    await store.keep(join(folder, `given-${at}`), { digests });
    expect(await store.take({ digests }, into)).toMatchObject({ hex: { sha512: hex } });
  }
  expect(filesIn(cache).filter((path) => /\.[0-9a-f]{12}$/.test(path))).toEqual([]);
});

describe("nothing that is installed is a link into the store, and the next run takes from there", () => {
  it("npm, whose scripts write through the archives of its own cache", async () => {
    const registry = await startRegistry();
    onTestFinished(() => registry.close());
    const instance = await createInstance();
    const through = `const fs=require("fs"),p=require("path");const walk=(d)=>fs.readdirSync(d,{withFileTypes:true}).forEach((e)=>e.isDirectory()?walk(p.join(d,e.name)):fs.writeFileSync(p.join(d,e.name),"was here"));walk(p.join(process.env.npm_config_cache,"_cacache","content-v2"))`;
    const scripts = { postinstall: `node -e '${through}'` };
    await publishSigned(registry, instance, { name: "widget", version: "1.0.0", scripts });
    await publishSigned(registry, instance, { name: "gadget", version: "1.0.0" });
    const [home, project] = [temporaryFolder(), join(temporaryFolder(), "project")];
    const locked = [
      { name: "widget", version: "1.0.0" },
      { name: "gadget", version: "1.0.0" },
    ];
    const files = { "trust/root.json": instance.trustedRoot };
    writeProject(project, registry, { policy: policyFor(["widget", "gadget"]), locked, files });
    for (const _ of [1, 2]) {
      const { exit, stderr } = await safeInstall(["npm", "ci"], { cwd: project, home });
      expect({ exit, stderr }).toMatchObject({ exit: 0 });
      expect(linksInto(join(home, ".cache", "safe-install"), project)).toEqual([]);
      expect(readFileSync(join(project, "node_modules", "gadget", "index.js"), "utf8")).toContain("gadget@1.0.0");
    }
  });

  it.skipIf(!hasPip)("pip", async () => {
    const instance = await createInstance();
    const index = await startIndex();
    onTestFinished(() => index.close());
    await publishWheel(index, instance, makeWheel({ name: "widget", version: "1.0.0" }));
    const here = setStage({ instance, pinned: ["widget"], env: { PIP_INDEX_URL: index.url } });
    const cache = join(here.home, ".cache", "safe-install");
    const { exit, stderr } = await here.pip("install", "widget");
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(linksInto(cache, here.environment.folder)).toEqual([]);
    expect(filesIn(join(cache, "store"))).toHaveLength(1);
    const [entry] = filesIn(join(cache, "store"));
    const fetched = () => index.requests.filter(({ url }) => url.endsWith(".whl")).length;
    const before = fetched();
    expect(await here.pip("install", "--force-reinstall", "widget")).toMatchObject({ exit: 0 });
    const again = fetched() - before;
    writeFileSync(entry!, "damaged");
    expect(await here.pip("install", "--force-reinstall", "widget")).toMatchObject({ exit: 0 });
    // pip itself may ask for the wheel while it resolves; what we fetch comes on top of it.
    expect(fetched() - before - again).toBe(again + 1);
  });

  it.skipIf(!hasDotnet)("dotnet", async () => {
    const scene = await startScene();
    onTestFinished(() => scene.feed.close());
    await scene.publish({ id: "Acme.Widget", version: "1.0.0" }, { signature: Buffer.from("what a registry adds") });
    const folder = temporaryFolder();
    const app = csproj({ "Acme.Widget": "1.0.0" }, { RestorePackagesWithLockFile: "true" });
    const at = { project: join(folder, "app"), home: join(folder, "home") };
    const here = nugetStage(scene, at, { "app.csproj": app }, nugetPolicy(["Acme.Widget"]));
    const cache = join(at.home, ".cache", "safe-install");
    for (const _ of ["made", "held by"]) {
      expect(await here.run("dotnet", "restore")).toMatchObject({ exit: 0 });
      expect(filesIn(join(cache, "store"))).toHaveLength(1);
      expect(linksInto(cache, at.project)).toEqual([]);
    }
  });
});

function filesIn(folder: string): readonly string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  return found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
}

/** Files below a folder that are one with a file of the cache, and files of the cache that have another name somewhere. */
function linksInto(cache: string, folder: string): readonly string[] {
  const kept = filesIn(cache);
  expect(kept.some((path) => path.includes("/store/"))).toBe(true);
  const inodes = new Set(kept.map((path) => lstatSync(path).ino));
  const shared = filesIn(folder).filter((path) => inodes.has(lstatSync(path).ino));
  return [...shared, ...kept.filter((path) => lstatSync(path).nlink > 1)];
}
