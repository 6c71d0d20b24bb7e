import { npm } from "../../plugins/npm/index.ts";
import { readBounded } from "../../src/io/files.ts";
import type { Host } from "../../src/plugin.ts";
import { isolated, plainNpm } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { installAll, obtainAll, openPart, testHost } from "../support/npm-session.ts";
import { writeProject } from "../support/project.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { execa } from "execa";
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

/** An address of this machine that is not loopback; tests that need one are skipped without. */
const OWN = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ family, internal, address }) => family === "IPv4" && !internal && !address.startsWith("169.254."))?.address;

let home: string;
let project: string;

beforeEach(() => {
  home = temporaryFolder();
  project = temporaryFolder();
});

async function serve(): Promise<Registry> {
  const registry = await startRegistry({ packages: [{ name: "b", version: "1.0.0" }] });
  onTestFinished(() => registry.close());
  return registry;
}

/** An npm of our own on PATH, ahead of the machine's. */
function pathWithNpm(version: string, program: string): Record<string, string> {
  const root = temporaryFolder();
  const entry = join(root, "lib/node_modules/npm/bin/npm-cli.js");
  mkdirSync(join(entry, ".."), { recursive: true });
  mkdirSync(join(root, "bin"));
  writeFileSync(entry, program, { mode: 0o755 });
  writeFileSync(join(entry, "../../package.json"), JSON.stringify({ name: "npm", version }));
  // What npm fetches with is looked for beside it.
  symlinkSync(resolve("node_modules"), join(entry, "../../node_modules"));
  symlinkSync(entry, join(root, "bin/npm"));
  return { PATH: `${join(root, "bin")}${delimiter}${process.env["PATH"] ?? ""}` };
}

describe("while npm resolves, it starts nothing", () => {
  test.each([
    "spawn(process.execPath, script)",
    "spawnSync(process.execPath, script)",
    "execFile(process.execPath, script)",
    "execFileSync(process.execPath, script)",
    "exec('touch ' + ran)",
    "execSync('touch ' + ran)",
    "fork(script[0])",
    "ChildProcess().spawn({ file: process.execPath, args: [process.execPath, ...script], envPairs: [] })",
  ])("%s", async (call) => {
    const registry = await serve();
    writeProject(project, registry, {});
    const ran = join(home, "ran");
    writeFileSync(`${ran}.cjs`, `require("node:fs").writeFileSync(${JSON.stringify(ran)}, "")`);
    const program = `const children = require("node:child_process"), ran = ${JSON.stringify(ran)}, script = [ran + ".cjs"];
      ${call.startsWith("ChildProcess") ? "new " : ""}children.${call};`;
    const opened = openPart(project, { home, args: ["install", "b"], env: pathWithNpm("10.9.0", program) });
    await expect(opened).rejects.toMatchObject({ kind: "unbound", code: "GIT_DEPENDENCY" });
    expect(existsSync(ran)).toBe(false);
  });
});

describe("while npm resolves, it asks no address that an unproven package names", () => {
  const archive = { name: "x", version: "1.0.0" };

  /** A host of nobody's registry. */
  async function elsewhere(): Promise<Registry> {
    const host = await startRegistry({ packages: [archive] });
    onTestFinished(() => host.close());
    return host;
  }

  // On afd535a each of them was fetched.
  test.each([["dependencies"], ["optionalDependencies"], ["peerDependencies"]])("in its %s", async (kind) => {
    const [registry, host] = [await serve(), await elsewhere()];
    const { resolved } = host.tarballOf("x", "1.0.0");
    registry.publish({ name: "a", version: "1.0.0", [kind]: { x: resolved } });
    registry.publish({ name: "root", version: "1.0.0", dependencies: { a: "1.0.0" } });
    writeProject(project, registry, {});
    const opened = openPart(project, { home, args: ["install", "root"] });
    await expect(opened).rejects.toMatchObject({ kind: "unbound", code: "REMOTE_DEPENDENCY" });
    expect(host.requests).toEqual([]);
  });

  test("of a hosted git repository, by a commit: no program is needed to find it", async () => {
    const registry = await serve();
    registry.publish({ name: "a", version: "1.0.0", dependencies: { x: `github:evil/x#${"a".repeat(40)}` } });
    writeProject(project, registry, {});
    const opened = openPart(project, { home, args: ["install", "a"] });
    await expect(opened).rejects.toMatchObject({ kind: "unbound", code: "GIT_DEPENDENCY" });
  });

  test("an archive of an origin that the policy admits is looked into", async () => {
    const host = await elsewhere();
    const carrier = { name: "carrier", version: "1.0.0", bundled: [{ name: "inner", version: "3.0.0" }] };
    host.publish(carrier);
    const moved = await startRegistry({
      packages: [carrier],
      intercept: (request, response) => {
        if (request.url !== "/carrier") return false;
        const { resolved, integrity } = host.tarballOf("carrier", "1.0.0");
        const version = { ...carrier, dependencies: { inner: "3.0.0" }, bundleDependencies: ["inner"] };
        const dist = { tarball: resolved, integrity };
        const versions = { "1.0.0": { ...version, dist } };
        response.end(JSON.stringify({ name: "carrier", "dist-tags": { latest: "1.0.0" }, versions }));
        return true;
      },
    });
    onTestFinished(() => moved.close());
    writeProject(project, moved, {});
    const ask = (registries: readonly string[]) =>
      openPart(project, { home, args: ["install", "carrier"], registries });
    await expect(ask([])).rejects.toMatchObject({ code: "REMOTE_DEPENDENCY" });
    expect(host.requests).toEqual([]);
    const { artifacts } = await ask([host.url]);
    expect(artifacts.map(({ package: { name } }) => name)).toEqual(["carrier"]);
    expect(host.requests.map(({ url }) => url)).toEqual(["/carrier/-/carrier-1.0.0.tgz"]);
  });
});

describe.skipIf(OWN === undefined)("while npm resolves, no answer leads to what is nearer than who gave it", () => {
  /** A registry on the network, all of whose answers are elsewhere. */
  async function leadingTo(url: (path: string) => string): Promise<string> {
    const server = createServer((request, response) => {
      response.writeHead(302, { location: url(request.url ?? "") }).end();
    });
    await new Promise<void>((listens) => void server.listen(0, "0.0.0.0", listens));
    onTestFinished(() => void server.close());
    return `http://${OWN}:${(server.address() as AddressInfo).port}`;
  }
  const ask = async (registry: string, env: Readonly<Record<string, string>> = {}) => {
    writeFileSync(join(project, ".npmrc"), `registry=${registry}/\nfetch-retries=0\n`);
    writeFileSync(join(project, "package.json"), JSON.stringify({ name: "project", version: "1.0.0" }));
    return openPart(project, { home, args: ["install", "b"], env });
  };
  const NEARER = { kind: "unavailable", code: "NOT_RESOLVED", message: expect.stringContaining("nearer") as string };

  // On 8855458 each of them was asked.
  test.each(["127.0.0.1", "localhost"])("to %s", async (host) => {
    const within = await serve();
    const there = new URL(within.url).port;
    await expect(ask(await leadingTo((path) => `http://${host}:${there}${path}`))).rejects.toMatchObject(NEARER);
    expect(within.requests).toEqual([]);
  });

  test("nor by a name that is another place a moment later", async () => {
    const within = await serve();
    const names = join(home, "names.cjs");
    writeFileSync(
      names,
      `const dns = require("node:dns"), { lookup } = dns;
      let asked = 0;
      dns.lookup = (name, options, done) => {
        if (name !== "rebound.example") return lookup(name, options, done);
        const address = asked++ === 0 ? "192.0.2.1" : "127.0.0.1";
        process.nextTick(() => options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4));
      };`,
    );
    const registry = await leadingTo((path) => `http://rebound.example:${new URL(within.url).port}${path}`);
    const refused = ask(registry, { NODE_OPTIONS: `--require ${names}` });
    await expect(refused).rejects.toMatchObject({ code: "NOT_RESOLVED" });
    expect(within.requests).toEqual([]);
  });

  test("but to another place that is no nearer", async () => {
    const within = await serve();
    const { port } = new URL(within.url);
    const far = await leadingTo((path) => `http://127.0.0.1:${port}${path}`);
    const near = far.replace(OWN ?? "", "127.0.0.1");
    await ask(near);
    expect(within.requests.map(({ url }) => url)).toEqual(["/b"]);
  });
});

describe("a project that changes while it is judged", () => {
  test.each([
    ["the lock, of which npm would change nothing", "package-lock.json", ["prune"]],
    ["a workspace's manifest", "packages/w/package.json", ["install"]],
    ["the manifest", "package.json", ["dedupe"]],
  ])("%s", async (_, path, args) => {
    const registry = await serve();
    const w = { name: "w", version: "1.0.0" };
    const manifest = { workspaces: ["packages/*"], dependencies: { b: "1.0.0" } };
    writeProject(project, registry, { manifest, files: { "packages/w/package.json": w } });
    rmSync(join(project, "package-lock.json"));
    await plainNpm(["install", "--package-lock-only"], { cwd: project, home });
    const part = await openPart(project, { home, args });
    const proven = await obtainAll(part);
    writeFileSync(
      join(project, path),
      JSON.stringify({ name: "x", version: "2.0.0", lockfileVersion: 3, packages: {} }),
    );
    await expect(part.install(proven)).rejects.toMatchObject({ code: "LOCK_CHANGED" });
    expect(existsSync(join(project, "node_modules"))).toBe(false);
  });
});

test.each([["ci"], ["prune"]])(
  "a lock that changes while %s puts old folders aside: npm is not started",
  async (command) => {
    const registry = await serve();
    writeProject(project, registry, { locked: [{ name: "b", version: "1.0.0" }] });
    const lock = join(project, "package-lock.json");
    const started: string[][] = [];
    const outside = testHost({ home });
    const host: Host = {
      ...outside,
      run: (one) => (one.log === undefined && started.push([...one.args]), outside.run(one)),
      transaction: (paths, work) =>
        outside.transaction(paths, () => {
          writeFileSync(lock, `${readFileSync(lock, "utf8")} `);
          return work();
        }),
    };
    const part = await openPart(project, { home, args: [command], host });
    const proven = await obtainAll(part);
    await expect(part.install(proven)).rejects.toMatchObject({ code: "LOCK_CHANGED" });
    expect(started).toEqual([]);
  },
);

test("nothing is written where a link leads that leads nowhere yet", async () => {
  const registry = await serve();
  const outside = join(home, "outside");
  writeProject(project, registry, {});
  rmSync(join(project, "package-lock.json"));
  symlinkSync(outside, join(project, "package-lock.json"));
  expect(await openPart(project, { home, args: ["install", "b"] }).then(installAll)).toBe(0);
  expect(existsSync(outside)).toBe(false);
  expect(lstatSync(join(project, "package-lock.json")).isFile()).toBe(true);
});

const none = () => Promise.resolve([]);

test("npm version does not install workspaces on the way", async () => {
  const registry = await serve();
  const w = { name: "w", version: "1.0.0", dependencies: { b: "1.0.0" } };
  writeProject(project, registry, {
    manifest: { workspaces: ["packages/*"] },
    files: { "packages/w/package.json": w },
  });
  rmSync(join(project, "package-lock.json"));
  const version = ["version", "minor", "--no-git-tag-version"];
  for (const cwd of [join(project, "packages/w"), project]) {
    const words = cwd === project ? [...version, "-w", "w"] : version;
    const { file, args, env } = await npm.command(
      words,
      cwd,
      { env: isolated(home), read: readBounded },
      ["npm"],
      none,
    );
    await execa(file, args, { cwd, env, extendEnv: false });
    expect(existsSync(join(project, "node_modules"))).toBe(false);
  }
  expect(registry.requests).toEqual([]);
  await plainNpm([...version, "-w", "w"], { cwd: project, home });
  expect(existsSync(join(project, "node_modules/b"))).toBe(true);
});
