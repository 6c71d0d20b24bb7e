import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry, type Registry } from "../support/registry.ts";
import { makeTarball, sriOf } from "../support/tarball.ts";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

/** Archives that come from no registry: only what the policy lists by its exact place and digest, and without anybody's credentials. */

const TOOL = makeTarball({ name: "tool", version: "1.0.0", scripts: { postinstall: "node -e 0" } });
const EVIL = makeTarball({ name: "tool", version: "1.0.0", dependencies: { other: "1.0.0" } });
const WHEN = { reason: "the vendor publishes nowhere", expires: "2099-01-01" };
const ALL = { packages: ["npm:*"], unsigned: "allow", ...WHEN };

let home: string;
let project: string;
let registry: Registry;
let served: Buffer;
let url: string;

beforeEach(async () => {
  home = temporaryFolder();
  project = temporaryFolder();
  served = TOOL;
  registry = await startRegistry({
    packages: ["other", "more"].map((name) => ({ name, version: "1.0.0" })),
    intercept: (request, response) => {
      if (!request.url?.startsWith("/files/")) return false;
      response.end(served);
      return true;
    },
  });
  onTestFinished(() => registry.close());
  url = `${registry.origin}/files/tool.tgz`;
});

const hex = (bytes: Buffer) => createHash("sha512").update(bytes).digest("hex");
const asked = () => registry.requests.filter(({ url: path }) => path.startsWith("/files/"));

interface Written {
  readonly policy?: object;
  /** What package.json asks for, and where the lock says it lies. */
  readonly spec?: string;
  readonly entry?: object;
  readonly at?: string;
  readonly bytes?: Buffer;
}

/** A project that asks for the archive, with a token for the origin that it lies at. */
function write({ policy = {}, spec = url, entry = {}, at = "node_modules/tool", bytes = TOOL }: Written): void {
  const manifest = { name: "project", version: "1.0.0", dependencies: { other: "1.0.0", tool: spec } };
  const own = { version: "1.0.0", resolved: spec, integrity: sriOf(bytes), hasInstallScript: true, ...entry };
  const { integrity, resolved } = registry.tarballOf("other", "1.0.0");
  writeProject(project, registry, {
    manifest,
    policy: { version: 1, rules: [ALL], ...policy },
    lock: { packages: { "": manifest, "node_modules/other": { version: "1.0.0", resolved, integrity }, [at]: own } },
    files: { "vendor/.keep": "" },
  });
  writeFileSync(join(project, "vendor/tool.tgz"), TOOL);
  appendFileSync(join(project, ".npmrc"), `${registry.url.replace("http:", "")}:_authToken=secret\n`);
}

const FILE = "file:vendor/tool.tgz";
const listed = (place: object, bytes = TOOL) => ({ archives: [{ ...place, sha512: hex(bytes), ...WHEN }] });
const run = (...args: string[]) => safeInstall(args, { cwd: project, home });

describe("what the policy lists is installed, and never called verified", () => {
  test.each([
    ["an address", () => ({ spec: url, policy: listed({ url }) })],
    ["a path", () => ({ spec: FILE, policy: listed({ path: "vendor/tool.tgz" }) })],
  ])("%s", async (_, files) => {
    write(files());
    const { exit, stderr } = await run("--report", `json=${home}/report.json`, "npm", "ci");
    expect({ exit, stderr: exit === 0 ? "" : stderr }).toEqual({ exit: 0, stderr: "" });
    expect(existsSync(join(project, "node_modules/tool/package.json"))).toBe(true);
    const { packages } = JSON.parse(readFileSync(join(home, "report.json"), "utf8")).projects[0];
    expect(packages.find((one: { archive?: object }) => one.archive !== undefined)).toMatchObject({
      ground: "archive",
      outcome: "allowed",
    });
    expect(asked().map(({ authorization }) => authorization)).toEqual(files().spec === url ? [undefined] : []);
  });
});

describe("whatever else is said for it", () => {
  const purl = "pkg:npm/tool@1.0.0";
  const excepted = { package: purl, digests: [`sha512:${hex(TOOL)}`], excuses: ["NO_RULE"], ...WHEN };
  test.each<[string, string, () => Written]>([
    ["a rule for every name", "REMOTE_DEPENDENCY", () => ({})],
    ["a rule for the name, of a file", "FILE_DEPENDENCY", () => ({ spec: FILE })],
    ["an exception and audit", "REMOTE_DEPENDENCY", () => ({ policy: { mode: "audit", exceptions: [excepted] } })],
    ["another address with these bytes", "REMOTE_DEPENDENCY", () => ({ policy: listed({ url: `${url}?` }) })],
    ["a registry origin", "REMOTE_DEPENDENCY", () => ({ policy: { registries: { npm: [registry.origin] } } })],
    [
      "its path beside another policy",
      "FILE_DEPENDENCY",
      () => ({ spec: FILE, policy: listed({ path: "other/../../vendor/tool.tgz" }) }),
    ],
    ["bytes that a lock follows", "ARCHIVE_MISMATCH", () => ({ policy: listed({ url }), bytes: EVIL })],
    [
      "an entry that ended",
      "RULE_EXPIRED",
      () => ({ policy: { archives: [{ ...listed({ url }).archives[0], expires: "2020-01-01" }] } }),
    ],
    [
      "a place without a sha512",
      "REMOTE_DEPENDENCY",
      () => ({ policy: listed({ url }), entry: { integrity: undefined } }),
    ],
    [
      "a name that asks a registry",
      "FOREIGN_REGISTRY",
      () => {
        const elsewhere = url.replace("127.0.0.1", "localhost");
        return { policy: listed({ url: elsewhere }), spec: "1.0.0", entry: { resolved: elsewhere } };
      },
    ],
    [
      "a revocation of the digest",
      "REVOKED",
      () => ({ policy: { ...listed({ url }), revoked: [{ digest: `sha512:${hex(TOOL)}`, reason: "evil" }] } }),
    ],
  ])("%s: %s", async (_, code, files) => {
    write(files());
    const { exit, stdout, stderr } = await run("npm", "ci");
    expect(exit).toBe(["RULE_EXPIRED", "FOREIGN_REGISTRY"].includes(code) ? 65 : 66);
    expect(stdout + stderr).toContain(code);
    // Whoever writes a lock could have anything asked for from here.
    expect(asked()).toEqual([]);
    expect(existsSync(join(project, "node_modules"))).toBe(false);
  });

  test("bytes that were replaced where they lie", async () => {
    for (const spec of [url, FILE]) {
      write({ spec, policy: listed(spec === url ? { url } : { path: "vendor/tool.tgz" }) });
      served = EVIL;
      writeFileSync(join(project, "vendor/tool.tgz"), EVIL);
      const { exit, stdout, stderr } = await run("npm", "ci");
      expect({ exit, said: stdout + stderr }).toMatchObject({
        exit: 66,
        said: expect.stringContaining("INTEGRITY_MISMATCH"),
      });
    }
  });

  test("a link that leads out of the repository", async () => {
    write({ spec: FILE, policy: listed({ path: "vendor/tool.tgz" }) });
    const outside = join(temporaryFolder(), "tool.tgz");
    renameSync(join(project, "vendor/tool.tgz"), outside);
    symlinkSync(outside, join(project, "vendor/tool.tgz"));
    const { exit, stdout, stderr } = await run("npm", "ci");
    expect({ exit, said: stdout + stderr }).toMatchObject({
      exit: 66,
      said: expect.stringMatching(/FILE_DEPENDENCY[^]*is\s+outside\s+of\s+the\s+repository/),
    });
  });
});

test("init --record lists it, without asking for it; init alone does not", async () => {
  write({});
  rmSync(join(project, ".signing-policy.json"));
  const first = await run("init");
  expect({ exit: first.exit, said: first.stdout }).toMatchObject({
    exit: 66,
    said: expect.stringContaining("policy pin tool --write"),
  });
  for (const one of ["policy", "recorded"]) rmSync(join(project, `.signing-${one}.json`));
  const { exit, stdout } = await run("init", "--record");
  expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringContaining("Listed by place and digest") });
  const policy = JSON.parse(readFileSync(join(project, ".signing-policy.json"), "utf8"));
  expect(policy.archives).toMatchObject([{ url, sha512: hex(TOOL) }]);
  const recorded = readFileSync(join(project, ".signing-recorded.json"), "utf8");
  expect(recorded).toContain("pkg:npm/other@1.0.0");
  expect(recorded).not.toContain("tool");
  expect(asked()).toEqual([]);
  expect((await run("check")).exit).toBe(0);
  expect((await run("explain", "tool")).stdout).toContain("allowed as a listed archive");
});

describe("npm install in a project with a listed archive", () => {
  test.each([
    ["an address", () => ({ spec: url, policy: listed({ url }) })],
    ["a path", () => ({ spec: FILE, policy: listed({ path: "vendor/tool.tgz" }) })],
  ])("%s: another package is added, and npm itself asks for no archive", async (_, files) => {
    write(files());
    rmSync(join(project, "package-lock.json"));
    const { exit, stderr } = await run("npm", "install", "more@1.0.0");
    expect({ exit, stderr: exit === 0 ? "" : stderr }).toEqual({ exit: 0, stderr: "" });
    const { packages } = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
    expect(packages["node_modules/tool"]).toMatchObject({ resolved: files().spec, integrity: sriOf(TOOL) });
    expect(existsSync(join(project, "node_modules/more/package.json"))).toBe(true);
    expect(asked().map(({ authorization }) => authorization)).toEqual(files().spec === url ? [undefined] : []);
  });

  test("bytes that were replaced end it before npm is started", async () => {
    write({ policy: listed({ url }) });
    served = EVIL;
    const { exit, stderr } = await run("npm", "install", "more@1.0.0");
    expect({ exit, stderr }).toMatchObject({ exit: 66, stderr: expect.stringContaining("ARCHIVE_MISMATCH") });
    expect(registry.requests.map(({ url: path }) => path)).toEqual(["/files/tool.tgz"]);
  });
});
