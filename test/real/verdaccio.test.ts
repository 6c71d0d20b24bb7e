import { layRepository } from "../support/repository.ts";
import { safeInstall } from "../support/cli.ts";
import { putInto, temporaryFolder } from "../support/folder.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { installVerdaccio, startVerdaccio, type Verdaccio } from "../support/verdaccio.ts";
import { makeTarball } from "../support/tarball.ts";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";

/** Verdaccio itself, in front of a registry with attestations. It passes packages on, and no attestations. */

const folder = mkdtempSync(join(tmpdir(), "safe-install-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const program = await installVerdaccio(folder);

describe.skipIf(program === null)("Verdaccio as a proxy", () => {
  let upstream: Registry;
  let proxy: Verdaccio;
  let project: string;
  let home: string;

  const TOOL = { files: { "cli.js": "#!/usr/bin/env node\nconsole.log('tool');\n" }, bin: "cli.js" };

  beforeEach(async () => {
    const instance = await createInstance();
    upstream = await startRegistry();
    onTestFinished(() => upstream.close());
    await publishSigned(upstream, instance, { name: "widget", version: "1.0.0" });
    await publishSigned(upstream, instance, {
      ...TOOL,
      name: "@acme/tool",
      version: "1.0.0",
      dependencies: { widget: "^1.0.0" },
    });
    proxy = await startVerdaccio(program ?? "", upstream.url);
    home = temporaryFolder();
    project = join(temporaryFolder(), "project");
    layRepository(project);
    mkdirSync(join(project, "trust"));
    put("trust/root.json", instance.trustedRoot);
    put("package.json", { name: "project", version: "1.0.0" });
    put(".npmrc", `registry=${proxy.url}\n${proxy.npmrc}fetch-retries=0\n`);
    put(".signing-policy.json", policyFor(["widget", "@acme/tool"]));
  });

  function put(path: string, content: unknown): void {
    putInto(project, path, content);
  }

  const fromUpstream = () =>
    policyFor(["widget", "@acme/tool"], { sources: { npm: [{ attestations: upstream.origin }] } });
  const run = (...args: string[]) => safeInstall(args, { cwd: project, home });

  it("by itself there is no evidence: denied, with what would settle it", async () => {
    const { exit, stderr } = await run("npm", "install", "widget");
    expect({ exit, stderr }).toMatchObject({ exit: 65, stderr: expect.stringContaining("NO_EVIDENCE") });
    expect(upstream.requests.filter(({ url }) => url.includes("attestations"))).toEqual([]);
    expect(existsSync(join(project, "node_modules"))).toBe(false);
  });

  it("with the upstream's attestations named in the policy: install, ci and npx, credentials for Verdaccio only", async () => {
    put(".signing-policy.json", fromUpstream());
    expect(await run("npm", "install", "@acme/tool")).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("2 packages: 2 publisher verified"),
    });
    expect(readFileSync(join(project, "package-lock.json"), "utf8")).toContain(`"resolved": "${proxy.url}`);
    expect(await run("npm", "ci")).toMatchObject({ exit: 0 });
    expect(await run("npx", "@acme/tool@1.0.0")).toMatchObject({ exit: 0, stdout: "tool" });
    expect(upstream.requests.filter(({ url }) => url.includes("attestations")).length).toBeGreaterThan(0);
    expect(upstream.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  });

  it("without its credentials nothing can be found out, and nothing is installed", async () => {
    put(".signing-policy.json", fromUpstream());
    put(".npmrc", `registry=${proxy.url}\nfetch-retries=0\n`);
    expect(await run("npm", "install", "widget")).toMatchObject({
      exit: 69,
      stderr: expect.stringContaining("NOT_RESOLVED"),
    });
  });

  it("other bytes in its storage do not hold", async () => {
    put(".signing-policy.json", fromUpstream());
    expect((await run("npm", "install", "widget")).exit).toBe(0);
    const stored = join(proxy.storage, "widget", "widget-1.0.0.tgz");
    expect(existsSync(stored)).toBe(true);
    writeFileSync(stored, makeTarball({ name: "widget", version: "1.0.0", files: { "index.js": "evil\n" } }));
    const outcome = await safeInstall(["npm", "ci"], { cwd: project, home: temporaryFolder() });
    expect(outcome).toMatchObject({ exit: 66, stderr: expect.stringContaining("INTEGRITY_MISMATCH") });
    expect(readFileSync(join(project, "node_modules/widget/index.js"), "utf8")).not.toContain("evil");
  });
});
