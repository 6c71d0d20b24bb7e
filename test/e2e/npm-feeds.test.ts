import { layRepository } from "../support/repository.ts";
import { safeInstall } from "../support/cli.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { type Auth, npmrcAuth } from "../support/registry/auth.ts";
import { type Registry, type RegistryOptions, startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import { makeTarball, sriOf } from "../support/tarball.ts";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";

/** Private feeds in the shapes of Azure Artifacts (Microsoft Learn, "Azure Artifacts npm"), with the gate before them. */

const BEARER: Auth = { kind: "bearer", token: "s3cret" };
const BASIC: Auth = { kind: "basic", username: "anything", password: "personal-access-token" };
const BASE = "/contoso/_packaging/feed/npm/registry";
const OWN = { name: "@acme/own", version: "1.0.0", files: { "cli.js": "#!/bin/sh\necho own\n" }, bin: "cli.js" };
const PUBLIC = { name: "widget", version: "1.0.0", files: { "cli.js": "#!/bin/sh\necho widget\n" }, bin: "cli.js" };

let instance: Instance;
let source: Registry;
let home: string;
let project: string;

beforeEach(async () => {
  instance ??= await createInstance();
  home = temporaryFolder();
  project = join(temporaryFolder(), "project");
  layRepository(project);
  mkdirSync(join(project, "trust"));
  put("trust/root.json", instance.trustedRoot);
  put("package.json", { name: "project", version: "1.0.0" });
  source = await serve();
  for (const one of [OWN, PUBLIC]) await publishSigned(source, instance, one);
  put(
    ".signing-policy.json",
    policyFor([OWN.name, PUBLIC.name], { sources: { npm: [{ attestations: source.origin }] } }),
  );
});

async function serve(options: RegistryOptions = {}): Promise<Registry> {
  const registry = await startRegistry(options);
  onTestFinished(() => registry.close());
  return registry;
}

function put(path: string, content: unknown): void {
  putInto(project, path, content);
}

/** Metadata with sha1 only, no attestations (400), and archives behind a redirect to a store of another origin. */
async function feed(auth: Auth, packages: readonly (typeof OWN)[]): Promise<{ registry: Registry; store: Registry }> {
  const plain = packages.map((one) => ({
    ...one,
    tarball: makeTarball(one),
    integrity: sriOf(makeTarball(one), "sha1"),
  }));
  const store = await serve({ packages: plain, basePath: BASE });
  const authorized = { bearer: "Bearer", basic: "Basic" }[auth.kind];
  const registry = await serve({
    packages: plain,
    auth,
    basePath: BASE,
    intercept: (request, response) => {
      if (request.headers.authorization?.startsWith(authorized) !== true) return false;
      if (request.url?.includes("/-/npm/v1/") === true) response.writeHead(400).end("{}");
      else if (request.url?.endsWith(".tgz") === true)
        response.writeHead(303, { location: `${store.origin}${request.url}?sig=signed` }).end();
      else return false;
      return true;
    },
  });
  return { registry, store };
}

const run = (...args: string[]) => safeInstall(args, { cwd: project, home, env: { npm_config_fetch_retries: "0" } });
const sentTo = ({ requests }: Registry) => requests.filter(({ authorization }) => authorization !== undefined);

describe("a feed with an upstream, behind the gate", () => {
  it.each([
    ["basic", BASIC],
    ["bearer", BEARER],
  ] as const)("%s: install, ci, npx; credentials for the feed only", async (_, auth) => {
    const { registry, store } = await feed(auth, [OWN, PUBLIC]);
    put(".npmrc", `registry=${registry.url}\nalways-auth=true\n${npmrcAuth(registry.url, auth)}`);
    expect(await run("npm", "install", "widget", "@acme/own")).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("2 packages: 2 publisher verified"),
    });
    const lock = readFileSync(join(project, "package-lock.json"), "utf8");
    expect(lock).toContain(`${BASE}/widget/-/widget-1.0.0.tgz`);
    expect(lock).not.toContain("sha512");
    expect(await run("npm", "ci")).toMatchObject({ exit: 0 });
    expect(await run("npx", "@acme/own@1")).toMatchObject({ exit: 0, stdout: "own" });
    const prefix = join(home, "prefix");
    const env = { npm_config_fetch_retries: "0", npm_config_prefix: prefix };
    writeFileSync(join(home, ".npmrc"), readFileSync(join(project, ".npmrc")));
    expect(await safeInstall(["npm", "i", "-g", "widget"], { cwd: project, home, env })).toMatchObject({ exit: 0 });
    expect(existsSync(join(prefix, "bin", "widget"))).toBe(true);
    expect(store.requests.length).toBeGreaterThan(0);
    expect([...sentTo(store), ...sentTo(source)]).toEqual([]);
    expect(sentTo(registry)).toHaveLength(registry.requests.length);
  });

  it("scoped registries side by side: each package and tool from its own, with its own credentials", async () => {
    const own = await feed(BASIC, [OWN]);
    const other = await feed(BEARER, [PUBLIC]);
    const registries = `registry=${other.registry.url}\n@acme:registry=${own.registry.url}\n`;
    put(".npmrc", `${registries}${npmrcAuth(own.registry.url, BASIC)}${npmrcAuth(other.registry.url, BEARER)}`);
    expect(await run("npm", "install", "widget", "@acme/own")).toMatchObject({ exit: 0 });
    const both = await run("npx", "--package=widget@1", "--package=@acme/own@1", "-c", "widget && own");
    expect(both).toMatchObject({ exit: 0, stdout: "widget\nown" });
    expect(own.registry.requests.every(({ authorization }) => authorization?.startsWith("Basic "))).toBe(true);
    expect(other.registry.requests.every(({ authorization }) => authorization === "Bearer s3cret")).toBe(true);
    expect(own.registry.requests.some(({ url }) => url.includes("widget"))).toBe(false);
    expect(other.registry.requests.some(({ url }) => url.includes("own"))).toBe(false);
  });

  it.each([401, 403])("%i is: could not find out, for install, npx and -g alike", async (status) => {
    const registry = await serve({
      basePath: BASE,
      intercept: (_, response) => {
        response.writeHead(status, { "www-authenticate": "Bearer authorization_uri=https://login.example" }).end("{}");
        return true;
      },
    });
    put(".npmrc", `registry=${registry.url}\n${npmrcAuth(registry.url, BEARER)}`);
    writeFileSync(join(home, ".npmrc"), `registry=${registry.url}\n`);
    for (const args of [
      ["npm", "install", "widget"],
      ["npx", "widget"],
      ["npm", "install", "-g", "widget"],
    ])
      expect(await run(...args)).toMatchObject({
        exit: 69,
        stdout: "",
        stderr: expect.stringContaining("NOT_RESOLVED"),
      });
    expect(existsSync(join(project, "node_modules"))).toBe(false);
  });
});
