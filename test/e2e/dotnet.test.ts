import { githubIdentity, type Instance } from "../support/sigstore.ts";
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { addSignature, type NugetFeed, type PackageOptions, startFeed } from "../support/nuget.ts";
import {
  csproj,
  dotnetEnvironment,
  hasDotnet,
  nugetConfig,
  plainDotnet,
  writeFiles,
} from "../support/nuget/project.ts";
import { createInstance, signerFor } from "../support/signed.ts";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

let instance: Instance;
let feed: NugetFeed;
let home: string;
let project: string;
/** Bundles by the sha256 of what they attest: what a `directory` source holds. */
const bundles = new Map<string, string>();

beforeAll(async () => {
  instance = await createInstance();
  feed = await startFeed();
  await publish({ id: "Acme.Widget", version: "1.0.0" }, { countersigned: true });
  await publish({ id: "Acme.Gadget", version: "2.0.0", dependencies: { "Acme.Widget": "1.0.0" } });
});
afterAll(() => feed.close());
beforeEach(() => {
  home = temporaryFolder();
  project = join(temporaryFolder(), "app");
});

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Attests the package as the pipeline packed it, then publishes it as a feed would serve it. */
async function publish(
  options: PackageOptions,
  how: { readonly countersigned?: boolean; readonly repository?: string } = {},
) {
  const unsigned = feed.make(options);
  const repository = how.repository ?? `acme/${options.id}`;
  const ref = `refs/tags/v${options.version}`;
  const identity = githubIdentity({ repository, workflow: ".github/workflows/release.yml", ref });
  const subjects = [{ name: `${options.id}.${options.version}.nupkg`, digest: { sha256: sha256(unsigned) } }];
  bundles.set(sha256(unsigned), JSON.stringify(await instance.attest({ identity, subjects })));
  if (how.countersigned)
    feed.publish(options.id, options.version, addSignature(unsigned, Buffer.from("added by the feed")));
  return unsigned;
}

function policyFor(ids: readonly string[], part: Readonly<Record<string, unknown>> = {}): string {
  const name = (id: string) => id.toLowerCase().replaceAll(".", "-");
  return JSON.stringify({
    version: 1,
    trust: { test: { trustedRoot: "trust/root.json" } },
    signers: Object.fromEntries(ids.map((id) => [name(id), signerFor(id)])),
    sources: { nuget: [{ directory: "bundles" }] },
    rules: ids.map((id) => ({ packages: [`nuget:${id}`], signedBy: [name(id)] })),
    ...part,
  });
}

function prepare(files: Readonly<Record<string, string>>, policy = policyFor(["Acme.Widget", "Acme.Gadget"])): void {
  writeFiles(project, {
    "nuget.config": nugetConfig({ feed: feed.url }),
    ".signing-policy.json": policy,
    "trust/root.json": JSON.stringify(instance.trustedRoot),
    ...Object.fromEntries([...bundles].map(([hex, text]) => [`bundles/sha256-${hex}.sigstore.json`, text])),
    ...files,
  });
}

const run = (...args: string[]) => safeInstall(args, { cwd: project, home, env: dotnetEnvironment(home) });
const plain = (...args: string[]) => plainDotnet(args, { cwd: project, home });

const CONSOLE = {
  "app.csproj": csproj({ "Acme.Gadget": "2.0.0" }, { OutputType: "Exe" }),
  "Program.cs": 'System.Console.WriteLine("it runs");\n',
};

describe.skipIf(!hasDotnet)("safe-install dotnet restore", () => {
  it("restores a console app from proven packages only; then it builds and runs", async () => {
    prepare(CONSOLE);
    const restored = await run("dotnet", "restore");
    expect(restored).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining("2 packages: 2 signed by a pinned identity"),
    });
    expect(existsSync(join(home, ".nuget", "packages", "acme.widget"))).toBe(false);
    expect(await plain("build", "--no-restore", "-v:q")).toMatchObject({ exit: 0 });
    expect(await plain("run", "--no-build")).toMatchObject({ exit: 0, stdout: "it runs" });
  });
});
