/** Real packages from the feeds that this machine's dotnet is configured with; no exception, no host named here. */
import { safeInstall } from "../support/cli.ts";
import { hasDotnet, writeFiles } from "../support/nuget/project.ts";
import { FINGERPRINTS } from "../support/nuget/registry.ts";
import { packageReferences } from "../tools/nuget-packages.ts";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const policy = (fingerprints: readonly string[]) =>
  JSON.stringify({
    version: 1,
    signers: { registry: { nugetSignature: { kind: "repository", fingerprints } } },
    rules: [{ packages: ["nuget:*"], baseline: ["registry"] }],
  });

interface Report {
  readonly projects: readonly [
    {
      readonly summary: {
        readonly packages: number;
        readonly grounds: Record<string, number>;
        readonly denials: Record<string, number>;
      };
    },
  ];
}

describe.skipIf(!hasDotnet)("a real project of more than 100 packages, by the registry's own signature", () => {
  let project: string;
  let env: Record<string, string>;

  beforeAll(() => {
    project = realpathSync(mkdtempSync(join(tmpdir(), "safe-install-real-")));
    const [text = ""] = packageReferences();
    const locked = text.replace(
      "<PropertyGroup>",
      "<PropertyGroup><RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>",
    );
    writeFiles(project, { "many.csproj": locked, ".signing-policy.json": policy(FINGERPRINTS) });
    env = { ...(process.env as Record<string, string>), NO_COLOR: "1", SAFE_INSTALL_CACHE: join(project, ".cache") };
  });

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  const run = (...args: string[]) => safeInstall(args, { cwd: project, home: env["HOME"] ?? "", env });

  it("is restored without a lock, from what the quarantine brought", async () => {
    const { exit, stderr } = await run("--report", `json=${join(project, "report.json")}`, "dotnet", "restore");
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(existsSync(join(project, "packages.lock.json"))).toBe(true);
  });

  it("is checked from the lock that this wrote, without dotnet", async () => {
    const { exit, stdout } = await run("check", "--report", "json", "packages.lock.json");
    const { summary } = (JSON.parse(stdout) as Report).projects[0];
    expect({ exit, denials: summary.denials }).toEqual({ exit: 0, denials: {} });
    expect(summary.packages).toBeGreaterThanOrEqual(100);
    expect(summary.grounds["baseline"]).toBe(summary.packages);
  });

  it("is restored with the lock, in locked mode", async () => {
    expect(await run("dotnet", "restore")).toMatchObject({ exit: 0 });
  });

  it("is refused where the policy pins another certificate", async () => {
    writeFiles(project, { ".signing-policy.json": policy([`sha256:${"0".repeat(64)}`]) });
    const { exit, stdout } = await run("check", "--report", "json", "packages.lock.json");
    const { summary } = (JSON.parse(stdout) as Report).projects[0];
    expect({ exit, denials: summary.denials }).toEqual({ exit: 65, denials: { UNTRUSTED_SIGNER: summary.packages } });
  });
});

describe.skipIf(!hasDotnet)("a package that its author signed, and the registry countersigned", () => {
  let project: string;
  beforeAll(() => {
    project = realpathSync(mkdtempSync(join(tmpdir(), "safe-install-real-author-")));
  });
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it("is let in by its author's certificate, and by no other", async () => {
    const env: Record<string, string> = {
      ...(process.env as Record<string, string>),
      NO_COLOR: "1",
      SAFE_INSTALL_CACHE: join(project, ".cache"),
    };
    const run = (...args: string[]) => safeInstall(args, { cwd: project, home: env["HOME"] ?? "", env });
    const text = `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit><RestorePackagesWithLockFile>true</RestorePackagesWithLockFile></PropertyGroup><ItemGroup><PackageReference Include="Newtonsoft.Json" Version="13.0.3" /></ItemGroup></Project>`;
    const signedBy = (fingerprint: string) =>
      JSON.stringify({
        version: 1,
        signers: { author: { nugetSignature: { kind: "author", fingerprints: [fingerprint] } } },
        rules: [{ packages: ["nuget:Newtonsoft.Json"], signedBy: ["author"] }],
      });
    writeFiles(project, { "one.csproj": text, ".signing-policy.json": signedBy(`sha256:${"0".repeat(64)}`) });
    const { exit, stdout } = await run("--report", "json", "dotnet", "restore");
    expect(exit).toBe(65);
    expect(existsSync(join(project, "obj"))).toBe(false);
    const [, found = ""] = /"found":\s*"(sha256:[0-9a-f]{64})"/.exec(stdout) ?? [];
    writeFiles(project, { ".signing-policy.json": signedBy(found) });
    const good = await run("dotnet", "restore");
    expect(good).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("1 package: 1 publisher verified"),
    });
    expect(await run("check")).toMatchObject({ exit: 0 });
    // What is signed inside the package travels in an export: the feed is not asked again, two years on.
    expect(await run("evidence", "export", "out")).toMatchObject({ exit: 0 });
    const later = new Date(Date.now() + 730 * 86_400_000).toISOString();
    const home = join(project, "home");
    const elsewhere = {
      ...env,
      HOME: home,
      SAFE_INSTALL_CACHE: join(project, "new"),
      HTTPS_PROXY: "http://127.0.0.1:9",
    };
    const words = ["check", "--evidence", "out", "--offline", "--at", later];
    const again = await safeInstall(words, { cwd: project, home, env: elsewhere });
    expect(again, again.stdout + again.stderr).toMatchObject({ exit: 0 });
  });

  it("before it is promoted the feed's signature counts where that is allowed", async () => {
    const packages = join(process.env["NUGET_PACKAGES"] ?? join(process.env["HOME"] ?? "", ".nuget/packages"));
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "safe-install-real-promotion-")));
    const from = join(packages, "newtonsoft.json/13.0.3/newtonsoft.json.13.0.3.nupkg");
    mkdirSync(join(folder, "dist"));
    copyFileSync(from, join(folder, "dist", "Newtonsoft.Json.13.0.3.nupkg"));
    writeFiles(folder, { ".signing-policy.json": policy(FINGERPRINTS) });
    const env: Record<string, string> = {
      ...(process.env as Record<string, string>),
      NO_COLOR: "1",
      SAFE_INSTALL_CACHE: join(folder, ".cache"),
    };
    const run = (...args: string[]) => safeInstall(args, { cwd: folder, home: env["HOME"] ?? "", env });
    const refused = await run("check", "dist/");
    expect(refused, refused.stdout).toMatchObject({ exit: 65, stdout: expect.stringContaining("NOT_PROMOTABLE") });
    expect(await run("check", "dist/", "--allow-baseline")).toMatchObject({ exit: 0 });
    rmSync(folder, { recursive: true });
  });
});
