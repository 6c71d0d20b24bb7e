/** `safe-install` alone, `--changed-since` and `--staged` where the lock is NuGet's. */
import { temporaryFolder } from "../support/folder.ts";
import { commitAll, git } from "../support/git.ts";
import { csproj, hasDotnet } from "../support/nuget/project.ts";
import { policyFor, type Scene, stage, startScene } from "../support/nuget/scene.ts";
import { writeProject } from "../support/project.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let scene: Scene;
let registry: Registry;

beforeAll(async () => {
  scene = await startScene();
  registry = await startRegistry({ packages: [{ name: "plain", version: "1.0.0" }] });
  await scene.publish({ id: "Acme.Widget", version: "1.0.0" });
  await scene.publish({ id: "Acme.Gadget", version: "2.0.0", dependencies: { "Acme.Widget": "1.0.0" } });
});
afterAll(async () => {
  await scene.feed.close();
  await registry.close();
});

const LOCKED = { RestorePackagesWithLockFile: "true" };
const LIBRARY = csproj({ "Acme.Gadget": "2.0.0" }, LOCKED);
const SOLUTION = `<Solution><Project Path="src/lib.csproj" /></Solution>`;

const begin = (files: Readonly<Record<string, string>>, pinned = ["Acme.Widget", "Acme.Gadget"]) => {
  const folder = temporaryFolder();
  return stage(scene, { project: join(folder, "app"), home: join(folder, "home") }, files, policyFor(pinned));
};

let written: Promise<string> | null = null;

/** The lock that the real SDK writes for the library, asked for once. */
function lockText(): Promise<string> {
  return (written ??= writeLock());
}

async function writeLock(): Promise<string> {
  const elsewhere = begin({ "lib.csproj": LIBRARY });
  expect(await elsewhere.plain("restore")).toMatchObject({ exit: 0 });
  return elsewhere.read("packages.lock.json");
}

describe.skipIf(!hasDotnet)("safe-install alone", () => {
  it("restores the project or the solution that lies here, from its locks", async () => {
    const lock = await lockText();
    const project = begin({ "lib.csproj": LIBRARY, "packages.lock.json": lock });
    const own = await project.run();
    expect(own, own.stdout + own.stderr).toMatchObject({ exit: 0, stderr: expect.stringContaining("dotnet restore") });
    expect(project.read("obj/project.assets.json")).toContain("Acme.Widget/1.0.0");
    const solution = begin({ "all.slnx": SOLUTION, "src/lib.csproj": LIBRARY, "src/packages.lock.json": lock });
    const whole = await solution.run();
    expect(whole, whole.stdout + whole.stderr).toMatchObject({ exit: 0 });
    expect(solution.exists("src/obj/project.assets.json")).toBe(true);
    expect(solution.read("src/packages.lock.json")).toBe(lock);
  });

  it("a package of npm that is denied: nothing is restored either", async () => {
    const both = begin({ "lib.csproj": LIBRARY, "packages.lock.json": await lockText() });
    writeProject(both.project, registry, { locked: [{ name: "plain", version: "1.0.0" }] });
    const { exit, stderr } = await both.run();
    expect({ exit, stderr }).toEqual({ exit: 65, stderr: expect.stringContaining("npm ci + dotnet restore") });
    expect(stderr).toContain("npm:plain@1.0.0   NO_RULE");
    expect([both.exists("obj"), both.exists("node_modules")]).toEqual([false, false]);
  });
});

const FACT = /had no attestation or signature .* of any of 2 packages: .* "sources"/g;

describe.skipIf(!hasDotnet)("safe-install init", () => {
  it("records what nobody attests by its contentHash: check and restore pass, a second init changes nothing", async () => {
    const here = begin({ "lib.csproj": LIBRARY, "packages.lock.json": await lockText() });
    here.remove(".signing-policy.json");
    const first = await here.run("init");
    expect(first, first.stdout + first.stderr).toMatchObject({ exit: 0 });
    expect(first.stdout.replaceAll(/\s+/g, " ").match(FACT)).toHaveLength(1);
    const { packages } = JSON.parse(here.read(".signing-recorded.json")) as { packages: Record<string, string[]> };
    const { dependencies } = JSON.parse(here.read("packages.lock.json")) as {
      dependencies: Record<string, Record<string, { contentHash: string }>>;
    };
    const [entries = {}] = Object.values(dependencies);
    const hex = (text = "") => `sha512:${Buffer.from(text, "base64").toString("hex")}`;
    expect(packages).toEqual({
      "pkg:nuget/Acme.Gadget@2.0.0": [hex(entries["Acme.Gadget"]?.contentHash)],
      "pkg:nuget/Acme.Widget@1.0.0": [hex(entries["Acme.Widget"]?.contentHash)],
    });
    expect((await here.run("check")).exit).toBe(0);
    expect((await here.run()).exit).toBe(0);
    expect(await here.run("init")).toMatchObject({ exit: 0, stdout: expect.stringContaining("nothing to change") });
    expect((await here.run("policy", "lint")).exit).toBe(0);
  });

  it("and a denial says of the feed what holds of all of its packages, once", async () => {
    const here = begin({ "packages.lock.json": await lockText() });
    const policy = JSON.parse(here.read(".signing-policy.json")) as object;
    here.write({ ".signing-policy.json": JSON.stringify({ ...policy, sources: {} }) });
    const { exit, stdout } = await here.run("check", "packages.lock.json");
    const said = stdout.replaceAll(/\s+/g, " ");
    expect([exit, said.match(FACT)?.length]).toEqual([65, 1]);
    expect(said).toContain(`${scene.feed.url} had no`);
  });
});

const SDK = {
  id: "Acme.Sdk",
  version: "1.0.0",
  packageType: "MSBuildSdk",
  files: {
    "Sdk/Sdk.props": '<Project><Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" /></Project>',
    "Sdk/Sdk.targets": '<Project><Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" /></Project>',
  },
};

describe.skipIf(!hasDotnet)("a project SDK that nobody attests, and no lock", () => {
  it.each([["init"], ["policy pin --write"]])("%s records what comes behind it as well", async (text) => {
    const words = text.split(" ");
    await scene.publish(SDK, { bundle: "none" });
    const here = begin({ "lib.csproj": LIBRARY.replace("Microsoft.NET.Sdk", "Acme.Sdk/1.0.0") });
    if (words[0] === "init") here.remove(".signing-policy.json");
    else here.write({ ".signing-policy.json": '{"version":1,"rules":[]}' });
    const first = await here.run(...words, "--", "dotnet", "restore");
    expect(first, first.stdout + first.stderr).toMatchObject({ exit: 0 });
    expect(here.read(".signing-recorded.json").match(/pkg:nuget/g)).toHaveLength(3);
    expect(first.stderr).toContain("nuget:Acme.Sdk@1.0.0 runs now");
    if (words[0] === "init") expect(await here.run("dotnet", "restore")).toMatchObject({ exit: 0 });
  });

  it.each([["init"], ["policy pin --write"]])("in CI it does not run before a review: %s ends there", async (text) => {
    const words = text.split(" ");
    await scene.publish(SDK, { bundle: "none" });
    const here = begin({ "lib.csproj": LIBRARY.replace("Microsoft.NET.Sdk", "Acme.Sdk/1.0.0") });
    if (words[0] === "init") here.remove(".signing-policy.json");
    else here.write({ ".signing-policy.json": '{"version":1,"rules":[]}' });
    const first = await here.runInCi(...words, "--", "dotnet", "restore");
    expect(first.stdout, first.stderr).toContain(
      "not read on: nuget:Acme.Sdk@1.0.0 would run before anybody has reviewed",
    );
    expect(here.read(".signing-recorded.json").match(/pkg:nuget/g)).toHaveLength(1);
  });
});

describe("a packages.lock.json and git", () => {
  const entry = (version: string) => ({ type: "Direct", requested: `[${version}, )`, resolved: version });
  const lock = (ids: Readonly<Record<string, string>>) =>
    JSON.stringify({
      version: 1,
      dependencies: {
        "net8.0": Object.fromEntries(
          Object.entries(ids).map(([id, version]) => [
            id,
            { ...entry(version), contentHash: Buffer.alloc(64, id).toString("base64") },
          ]),
        ),
      },
    });

  it("judges only what changed, of what is staged as well", async () => {
    const rules = ["Acme.Old", "Acme.New"].map((id) => ({
      packages: [`nuget:${id}`],
      unsigned: "allow",
      reason: "mine",
      expires: "2099-01-01",
    }));
    const here = begin({ ".signing-policy.json": JSON.stringify({ version: 1, rules: rules.slice(0, 1) }) });
    here.remove(".git");
    here.write({ "packages.lock.json": lock({ "Acme.Old": "1.0.0" }) });
    commitAll(here.project);
    const check = async (...args: string[]) => {
      const { exit, stdout } = await here.run("check", "packages.lock.json", "--report", "json", ...args);
      const { projects } = JSON.parse(stdout) as { projects: { packages: { purl: string }[] }[] };
      return { exit, judged: projects[0]?.packages.map(({ purl }) => purl) };
    };
    expect(await check("--changed-since", "HEAD")).toEqual({ exit: 0, judged: [] });
    here.write({ "packages.lock.json": lock({ "Acme.Old": "1.0.0", "Acme.New": "1.0.0" }) });
    expect(await check("--changed-since", "HEAD")).toEqual({ exit: 65, judged: ["pkg:nuget/Acme.New@1.0.0"] });
    expect(await check("--staged")).toEqual({ exit: 0, judged: ["pkg:nuget/Acme.Old@1.0.0"] });
    git(here.project, "add", "packages.lock.json");
    expect(await check("--staged", "--changed-since", "HEAD")).toMatchObject({ judged: ["pkg:nuget/Acme.New@1.0.0"] });
    here.write({ ".signing-policy.json": JSON.stringify({ version: 1, rules }) });
    expect((await check()).exit).toBe(0);
    expect((await check("--policy-from", "HEAD")).exit).toBe(65);
  });
});
