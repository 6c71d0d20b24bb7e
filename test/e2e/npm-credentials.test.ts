import { temporaryFolder } from "../support/folder.ts";
import { installAll, obtainAll, openPart } from "../support/npm-session.ts";
import { type Auth, npmrcAuth } from "../support/registry/auth.ts";
import { type Registry, type RegistryOptions, startRegistry } from "../support/registry.ts";
import { writeProject } from "../support/project.ts";
import { makeTarball, sriOf } from "../support/tarball.ts";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

let home: string;
let project: string;

beforeEach(() => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "project", version: "1.0.0" }));
});

async function serve(options: RegistryOptions = {}): Promise<Registry> {
  const registry = await startRegistry(options);
  onTestFinished(() => registry.close());
  return registry;
}

const BEARER: Auth = { kind: "bearer", token: "s3cret" };
const BASIC: Auth = { kind: "basic", username: "anything", password: "personal-access-token" };
const W = { name: "@acme/w", version: "1.0.0" };
const B = { name: "b", version: "1.0.0" };
const sentTo = (registry: Registry) => registry.requests.filter(({ authorization }) => authorization !== undefined);

/** A registry that answers every GET of some kind with a redirect to another origin on the same host. */
async function redirecting(to: Registry, which: RegExp, auth: Auth, status = 302): Promise<Registry> {
  return serve({
    packages: [W],
    auth,
    intercept: (request, response) => {
      if (!which.test(request.url ?? "")) return false;
      response.writeHead(status, { location: `${to.origin}${request.url}` }).end();
      return true;
    },
  });
}

describe("credentials stay with their origin", () => {
  test.each([301, 302, 307, 308])("a tarball that is %i at another port of the same host", async (status) => {
    const storage = await serve({ packages: [W] });
    const registry = await redirecting(storage, /\.tgz$/, BEARER, status);
    writeProject(project, registry, { locked: [W] });
    writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\n${npmrcAuth(registry.url, BEARER)}`);
    expect(await obtainAll(await openPart(project, { home }))).toHaveLength(1);
    expect(storage.requests).toHaveLength(1);
    expect(sentTo(storage)).toEqual([]);
    expect(registry.requests[0]?.authorization).toBe("Bearer s3cret");
  });

  test("evidence, and the packument of a lock without addresses", async () => {
    const storage = await serve({ packages: [W] });
    const registry = await redirecting(storage, /attestations|%2f|tgz/, BASIC);
    writeProject(project, registry, { locked: [{ ...W, entry: { resolved: undefined } }] });
    writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\n${npmrcAuth(registry.url, BASIC)}`);
    const part = await openPart(project, { home });
    const [artifact] = part.artifacts;
    await part.collect(artifact!, { kind: "own" }, true);
    await part.obtain(artifact!);
    expect(storage.requests.length).toBeGreaterThan(1);
    expect(sentTo(storage)).toEqual([]);
  });

  test("a scope's go where its archives lie on the same origin, as npm sends them; another scope's and another origin's do not", async () => {
    const elsewhere = await serve({ packages: [W] });
    const registry: Registry = await serve({
      packages: [W, B],
      intercept: (request) => {
        request.url = request.url?.replace(/^\/projects\/7\//, "/");
        return false;
      },
    });
    const resolved = (from: Registry, { name }: { name: string }) =>
      registry.tarballOf(name, "1.0.0").resolved.replace(registry.url, `${from.url}projects/7/`);
    const entry = { resolved: resolved(registry, W) };
    writeProject(project, registry, {
      locked: [
        { ...W, entry },
        { ...B, entry: { resolved: resolved(registry, B) } },
      ],
    });
    const scope = `@acme:registry=${registry.url}group/\n${npmrcAuth(`${registry.url}group/`, BEARER)}`;
    writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\n${scope}`);
    expect(await obtainAll(await openPart(project, { home }))).toHaveLength(2);
    expect(sentTo(registry).map(({ url }) => url)).toEqual([expect.stringContaining("w-1.0.0.tgz")]);

    writeProject(project, registry, {
      locked: [{ ...W, entry: { resolved: elsewhere.tarballOf(W.name, W.version).resolved } }],
    });
    writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\n${scope}`);
    const home2 = temporaryFolder();
    await obtainAll(await openPart(project, { home: home2, registries: [elsewhere.origin] }));
    expect([elsewhere.requests.length, sentTo(elsewhere)]).toEqual([1, []]);
  });

  test("a redirect on the same origin keeps them", async () => {
    const registry: Registry = await serve({
      packages: [W],
      auth: BEARER,
      intercept: (request, response) => {
        if (request.url?.startsWith("/old/") !== true) return false;
        response.writeHead(302, { location: request.url.slice("/old".length) }).end();
        return true;
      },
    });
    const resolved = `${registry.origin}/old/@acme/w/-/w-1.0.0.tgz`;
    writeProject(project, registry, { locked: [{ ...W, entry: { resolved } }] });
    writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\n${npmrcAuth(registry.url, BEARER)}`);
    expect(await obtainAll(await openPart(project, { home }))).toHaveLength(1);
    expect(registry.requests.map(({ authorization }) => authorization)).toEqual(["Bearer s3cret", "Bearer s3cret"]);
  });

  test("a redirect that goes round and round ends", async () => {
    const registry: Registry = await serve({
      packages: [W],
      intercept: (request, response) => {
        response.writeHead(302, { location: request.url ?? "/" }).end();
        return true;
      },
    });
    writeProject(project, registry, { locked: [W] });
    await expect(obtainAll(await openPart(project, { home }))).rejects.toMatchObject({
      denial: { code: "ARTIFACT_UNAVAILABLE", message: expect.stringContaining("redirected more than") },
    });
    expect(registry.requests).toHaveLength(6);
  });

  test("what an address in a redirect names as user and password is not sent", async () => {
    const registry: Registry = await serve({
      packages: [W],
      intercept: (request, response) => {
        if (request.url?.startsWith("/old/") !== true) return false;
        const there = registry.origin.replace("//", "//mallory:s3cret@");
        response.writeHead(302, { location: `${there}${request.url.slice("/old".length)}` }).end();
        return true;
      },
    });
    const resolved = `${registry.origin}/old/@acme/w/-/w-1.0.0.tgz`;
    writeProject(project, registry, { locked: [{ ...W, entry: { resolved } }] });
    writeFileSync(join(project, ".npmrc"), `registry=${registry.url}\n`);
    expect(await obtainAll(await openPart(project, { home }))).toHaveLength(1);
    expect(registry.requests).toHaveLength(2);
    expect(sentTo(registry)).toEqual([]);
  });

  test("a registry's address that names user and password is asked with them, as npm does", async () => {
    const registry = await serve({ packages: [W], auth: BASIC });
    const url = registry.url.replace("//", "//anything:personal-access-token@");
    writeProject(project, registry, { locked: [{ ...W, entry: { resolved: undefined } }] });
    writeFileSync(join(project, ".npmrc"), `registry=${url}\n`);
    expect(await obtainAll(await openPart(project, { home }))).toHaveLength(1);
  });

  test("scoped registries side by side, each with its own", async () => {
    const own = await serve({ packages: [W], auth: BEARER, basePath: "/feed/npm" });
    const other = await serve({ packages: [{ name: "@other/x", version: "1.0.0" }], auth: BASIC });
    const registry = await serve({ packages: [{ name: "b", version: "1.0.0" }] });
    writeFileSync(
      join(project, ".npmrc"),
      [
        `registry=${registry.url}`,
        `@acme:registry=${own.url}`,
        `@other:registry=${other.url}`,
        npmrcAuth(own.url, BEARER),
        npmrcAuth(other.url, BASIC),
      ].join("\n"),
    );
    const part = await openPart(project, { home, args: ["install", "b", "@acme/w", "@other/x"] });
    expect(part.unbound).toEqual([]);
    expect(await installAll(part)).toBe(0);
    expect(sentTo(registry)).toEqual([]);
    expect(new Set(own.requests.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer s3cret"]));
    const basic = `Basic ${Buffer.from("anything:personal-access-token").toString("base64")}`;
    expect(new Set(other.requests.map(({ authorization }) => authorization))).toEqual(new Set([basic]));
  });
});

/** Addresses, credentials and answers as the feeds of Azure Artifacts have them (Microsoft Learn, "Azure Artifacts npm"). */
describe("an Azure Artifacts feed", () => {
  const basePath = "/contoso/_packaging/feed/npm/registry";

  /** Both forms that the "Connect to feed" page and `vsts-npm-auth` write. */
  const forms = {
    basic: (url: string) => {
      const place = url.replace(/^https?:/, "");
      const password = Buffer.from("personal-access-token").toString("base64");
      const lines = (at: string) =>
        `${at}:username=anything\n${at}:_password=${password}\n${at}:email=npm@npm.example\n`;
      return `${lines(place)}${lines(place.replace("registry/", ""))}always-auth=true\n`;
    },
    bearer: (url: string) => `${url.replace(/^https?:/, "")}:_authToken=s3cret\nalways-auth=true\n`,
  };

  test.each([
    ["basic", BASIC, basePath],
    ["bearer", BEARER, basePath],
    ["basic", BASIC, "/contoso/project/_packaging/feed@Release/npm/registry"],
    ["bearer", BEARER, "/contoso/2f8d0a2e-7d0c-4c37-9a5b-3c1f0f3f5a11/_packaging/feed@Local/npm/registry"],
  ] as const)("%s: installs from it, locks with sha1 only, no attestations", async (kind, auth, basePath) => {
    const feed = await serve({
      // It passes on a sha1 and nothing stronger.
      packages: [{ ...B, tarball: makeTarball(B), integrity: sriOf(makeTarball(B), "sha1") }],
      auth,
      basePath,
      // The feed's upstream has no such endpoint.
      intercept: (request, response) => {
        if (request.url?.includes("/-/npm/v1/") !== true) return false;
        response.writeHead(400).end("{}");
        return true;
      },
    });
    writeFileSync(join(project, ".npmrc"), `registry=${feed.url}\n${forms[kind](feed.url)}`);
    const part = await openPart(project, { home, args: ["install", "b"] });
    expect(part.unbound).toEqual([]);
    const [artifact] = part.artifacts;
    expect(await part.collect(artifact!, { kind: "own" }, false)).toEqual([]);
    expect(await installAll(part)).toBe(0);
    const lock = readFileSync(join(project, "package-lock.json"), "utf8");
    expect(lock).toContain(`${basePath}/b/-/b-1.0.0.tgz`);
    expect(lock).toContain(sriOf(makeTarball(B), "sha1"));
    expect(new Set(feed.requests.map(({ authorization }) => authorization?.split(" ")[0]))).toEqual(
      new Set([kind === "basic" ? "Basic" : "Bearer"]),
    );
  });

  test.each([401, 403])("%i for bytes and evidence is: could not find out", async (status) => {
    const feed = await serve({
      packages: [{ name: "b", version: "1.0.0" }],
      basePath,
      intercept: (_, response) => {
        response.writeHead(status, { "www-authenticate": "Bearer authorization_uri=https://login.example" }).end("{}");
        return true;
      },
    });
    writeProject(project, feed, { locked: [{ name: "b", version: "1.0.0" }] });
    const part = await openPart(project, { home, env: { npm_config_fetch_retries: "0" } });
    const [artifact] = part.artifacts;
    await expect(part.collect(artifact!, { kind: "own" }, false)).rejects.toMatchObject({
      name: "SourceUnavailable",
    });
    await expect(part.obtain(artifact!)).rejects.toMatchObject({ denial: { code: "ARTIFACT_UNAVAILABLE" } });
    const env = { npm_config_fetch_retries: "0" };
    writeFileSync(join(project, "package-lock.json"), "{}");
    await expect(openPart(project, { home, args: ["install", "b"], env })).rejects.toMatchObject({
      kind: "unavailable",
      code: "NOT_RESOLVED",
    });
    expect(existsSync(join(project, "node_modules"))).toBe(false);
  });
});
