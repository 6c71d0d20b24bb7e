import { layRepository } from "../support/repository.ts";
import { plainNpm, safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import type { IncomingMessage, ServerResponse } from "node:http";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

/** Advisories that a loopback registry answers with; the change that npm makes of them is gated. */

let instance: Instance;
let registry: Registry;
let project: string;
let plain: string;
let advisories: Readonly<Record<string, unknown>> | null;

beforeAll(async () => {
  instance = await createInstance();
  registry = await startRegistry({ intercept: answerAdvisories });
  const versions = ["1.0.0", "1.1.0", "2.0.0"];
  for (const version of versions) await publishSigned(registry, instance, { name: "a", version });
  registry.publish({ name: "b", version: "1.0.0" });
  registry.publish({ name: "b", version: "1.0.1" });
});
afterAll(() => registry.close());

function answerAdvisories(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.url?.startsWith("/-/npm/v1/security/advisories/") !== true) return false;
  request.resume();
  response.writeHead(advisories === null ? 500 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(advisories ?? {}));
  return true;
}

const advisory = (range: string) => [
  { id: 1, url: "https://advisories.example/1", title: "t", severity: "high", vulnerable_versions: range },
];

beforeEach(async () => {
  advisories = { a: advisory("<1.1.0") };
  plain = join(temporaryFolder(), "project");
  layRepository(plain);
  mkdirSync(join(plain, "trust"));
  writeFileSync(join(plain, ".npmrc"), `registry=${registry.url}\nfetch-retries=0\n`);
  writeFileSync(join(plain, "trust/root.json"), JSON.stringify(instance.trustedRoot));
  writeFileSync(join(plain, ".signing-policy.json"), JSON.stringify(policyFor(["a"])));
  await install({ a: "^1.0.0" }, "a@1.0.0");
});

interface Content {
  packages?: Record<string, Content>;
  dependencies?: unknown;
}

async function install(dependencies: Readonly<Record<string, string>>, ...specs: readonly string[]): Promise<void> {
  writeFileSync(join(plain, "package.json"), `${JSON.stringify({ name: "project", version: "1.0.0" }, null, 2)}\n`);
  expect(await plainNpm(["install", "-E", ...specs], { cwd: plain, home: temporaryFolder() })).toMatchObject({
    exit: 0,
  });
  for (const file of ["package.json", "package-lock.json"]) {
    const content = JSON.parse(readFileSync(join(plain, file), "utf8")) as Content;
    const root = content.packages?.[""] ?? content;
    root.dependencies = dependencies;
    writeFileSync(join(plain, file), `${JSON.stringify(content, null, 2)}\n`);
  }
  project = join(temporaryFolder(), "project");
  cpSync(plain, project, { recursive: true, verbatimSymlinks: true });
}

const read = (folder: string, file: string) => readFileSync(join(folder, file), "utf8");
const run = (...args: string[]) => safeInstall(args, { cwd: project, home: temporaryFolder() });

describe("npm audit fix", () => {
  it.each([
    ["within the range", ["audit", "fix"], "<1.1.0", 0],
    ["--force, out of it", ["audit", "fix", "--force"], "<2.0.0", 0],
    ["not without --force: npm's own exit code", ["audit", "fix"], "<2.0.0", 1],
    ["not, but below the level that counts", ["audit", "fix", "--audit-level=critical"], "<2.0.0", 0],
  ] as const)("%s: byte for byte what plain npm writes, from proven bytes", async (_, args, range, exit) => {
    advisories = { a: advisory(range) };
    expect(await plainNpm(args, { cwd: plain, home: temporaryFolder() })).toMatchObject({ exit });
    const outcome = await run("npm", ...args);
    expect(outcome).toMatchObject({ exit, stderr: expect.stringContaining("1 package: 1 publisher verified") });
    for (const file of ["package.json", "package-lock.json", "node_modules/a/package.json"])
      expect(read(project, file)).toBe(read(plain, file));
  });

  it("to a version that nobody signed: denied, and nothing changes", async () => {
    await install({ b: "^1.0.0" }, "b@1.0.0");
    advisories = { b: advisory("<1.0.1") };
    const before = [read(project, "package.json"), read(project, "package-lock.json")];
    expect(await run("npm", "audit", "fix")).toMatchObject({
      exit: 65,
      stderr: expect.stringContaining("npm:b@1.0.1"),
    });
    expect([read(project, "package.json"), read(project, "package-lock.json")]).toEqual(before);
    expect(read(project, "node_modules/b/package.json")).toContain("1.0.0");
  });

  it("without advisories it is not known what to fix", async () => {
    advisories = null;
    expect(await run("npm", "audit", "fix")).toMatchObject({
      exit: 69,
      stderr: expect.stringContaining("NOT_RESOLVED"),
    });
    expect(await run("--offline", "npm", "audit", "fix")).toMatchObject({ exit: 69 });
    expect(existsSync(join(project, "node_modules/a"))).toBe(true);
  });

  it("a dry run is refused", async () => {
    expect(await run("npm", "audit", "fix", "--dry-run")).toMatchObject({ exit: 64 });
  });
});
