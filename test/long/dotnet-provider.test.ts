/** Credential providers on NuGet's own library: what the provider for Azure Artifacts says and hears, and one that waits for a login. */
import { type Outcome, safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { buildAzureProvider, sdkFolder } from "../support/nuget/azure-provider.ts";
import { csproj, dotnetEnvironment, hasDotnet, nugetConfig, plainDotnet } from "../support/nuget/project.ts";
import { writeProvider } from "../support/nuget/provider.ts";
import { policyFor, type Scene, type Stage, stage, startScene } from "../support/nuget/scene.ts";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

const ID = "Acme.Widget";
const LOGIN = { kind: "basic", username: "any", password: "p4t" } as const;
let scene: Scene;
let provider = "";
let sdk = "";
let built = "";

beforeAll(async () => {
  if (!hasDotnet) return;
  scene = await startScene({ azure: true, auth: LOGIN });
  await scene.publish({ id: ID, version: "1.0.0" });
  built = realpathSync(mkdtempSync(join(tmpdir(), "safe-install-provider-")));
  const home = join(built, "home");
  sdk = await sdkFolder(home);
  provider = await buildAzureProvider(join(built, "provider"), sdk, home);
}, 600_000);
afterAll(() => {
  rmSync(built, { recursive: true, force: true });
  return scene.feed.close();
});

function begin(): Stage {
  const folder = temporaryFolder();
  const files = {
    "lib.csproj": csproj({ [ID]: "1.0.0" }, { RestorePackagesWithLockFile: "true" }),
    "nuget.config": nugetConfig({ feed: scene.feed.url }),
  };
  const where = { project: join(folder, "lib"), home: join(folder, "home") };
  return stage(scene, where, files, policyFor([ID], { registries: { nuget: [scene.feed.origin] } }));
}

const known = (password: string, more: Readonly<Record<string, string>> = {}) => ({
  VSS_NUGET_EXTERNAL_FEED_ENDPOINTS_OF_PROVIDER: JSON.stringify({
    endpointCredentials: [{ endpoint: scene.feed.url, username: "any", password }],
  }),
  ...more,
});

function asked(): readonly string[] {
  const file = `${provider}.asked`;
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  rmSync(file, { force: true });
  return lines;
}

async function ours(app: Stage, env: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Outcome> {
  const all = { ...dotnetEnvironment(app.home), NUGET_PLUGIN_PATHS: provider, ...env };
  return safeInstall([...words], { cwd: app.project, home: app.home, env: all });
}

/** The command lines of what runs of the provider. */
function running(): readonly string[] {
  const numbers = existsSync("/proc") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  return numbers.flatMap((one) => {
    try {
      const line = readFileSync(join("/proc", one, "cmdline"), "utf8");
      return line.includes(provider) ? [line] : [];
    } catch {
      return [];
    }
  });
}

const ended = () => vi.waitFor(() => expect(running()).toEqual([]), 20_000);

describe.skipIf(!hasDotnet)("a credential provider on NuGet's own library", () => {
  it("plain dotnet and ours ask it the same, and both restore: without a lock, with one, and what check fetches", async () => {
    const app = begin();
    const env = known(LOGIN.password);
    const plain = { cwd: app.project, home: app.home, env: { ...env, NUGET_PLUGIN_PATHS: provider } };
    expect(await plainDotnet(["restore"], plain)).toMatchObject({ exit: 0 });
    const question = asked();
    expect(question[0]).toMatch(/ alone$/);
    const lock = app.read("packages.lock.json");
    for (const path of ["obj", "packages.lock.json", "../home/.nuget/packages"]) app.remove(path);
    expect(await ours(app, env, "dotnet", "restore")).toMatchObject({ exit: 0 });
    expect(new Set(asked())).toEqual(new Set(question));
    app.write({ "packages.lock.json": lock });
    const fresh = { SAFE_INSTALL_CACHE: temporaryFolder() };
    expect(await ours(app, known(LOGIN.password, fresh), "dotnet", "restore")).toMatchObject({ exit: 0 });
    expect(asked()).toEqual(question.slice(0, 1));
    const other = { SAFE_INSTALL_CACHE: temporaryFolder() };
    expect(await ours(app, known(LOGIN.password, other), "check")).toMatchObject({ exit: 0 });
    expect(asked()).toEqual(question.slice(0, 1));
    await ended();
  });

  it("what is not accepted is said to it; one that has nothing leaves it at unavailable", async () => {
    const app = begin();
    expect(await ours(app, known(LOGIN.password), "dotnet", "restore")).toMatchObject({ exit: 0 });
    asked();
    const cache = () => ({ SAFE_INSTALL_CACHE: temporaryFolder() });
    expect(await ours(app, known("wrong", cache()), "check")).toMatchObject({ exit: 69 });
    expect(asked()).toEqual([`${scene.feed.url} alone`, `${scene.feed.url} again alone`]);
    const none = { VSS_NUGET_EXTERNAL_FEED_ENDPOINTS_OF_PROVIDER: '{"endpointCredentials":[]}' };
    expect(await ours(app, { ...none, ...cache() }, "check")).toMatchObject({ exit: 69 });
    await ended();
  });

  it("one that waits for a login is ended at our bound, and all that it started: unavailable", async () => {
    const app = begin();
    expect(await ours(app, known(LOGIN.password), "dotnet", "restore")).toMatchObject({ exit: 0 });
    asked();
    const { exit, stdout } = await ours(app, { SAFE_INSTALL_CACHE: temporaryFolder() }, "check");
    expect({ exit, stdout }).toMatchObject({ exit: 69, stdout: expect.stringMatching(/answered 401/) });
    await ended();
  });

  it("NUGET_CREDENTIALPROVIDERS_PATH is not dotnet's, and not ours", async () => {
    const found = readdirSync(sdk).filter(
      (name) => name.endsWith(".dll") && readFileSync(join(sdk, name)).includes(Buffer.from(NOT_READ, "utf16le")),
    );
    expect(found).toEqual([]);
    const app = begin();
    expect(await ours(app, known(LOGIN.password), "dotnet", "restore")).toMatchObject({ exit: 0 });
    const folder = join(temporaryFolder(), "providers");
    const elsewhere = writeProvider(folder, LOGIN.password);
    const env = { NUGET_PLUGIN_PATHS: join(folder, "none"), [NOT_READ]: folder, SAFE_INSTALL_CACHE: temporaryFolder() };
    expect(await ours(app, env, "check")).toMatchObject({ exit: 69 });
    expect(existsSync(`${elsewhere}.asked`)).toBe(false);
  });
});

const NOT_READ = "NUGET_CREDENTIALPROVIDERS_PATH";
