/** Where the evidence of a NuGet package may lie: a companion package in an Azure Artifacts feed, beside the file, by URL, in GitHub's store. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { csproj, dotnetEnvironment, hasDotnet, nugetConfig, plainDotnet } from "../support/nuget/project.ts";
import { attest, policyFor, type Scene, sha256, type Stage, stage, startScene } from "../support/nuget/scene.ts";
import { addSignature } from "../support/nuget.ts";
import { contentFor, mintSignature, newParty } from "../support/nuget/cms.ts";
import { writeProvider } from "../support/nuget/provider.ts";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ID = "Acme.Widget";
const WIDGET = { id: ID, version: "1.0.0" };
const SIGNATURE = Buffer.from("added by the upstream");
const LOCKED = csproj({ [ID]: "1.0.0" }, { RestorePackagesWithLockFile: "true" });
const LOGIN = { kind: "basic", username: "any", password: "p4t" } as const;

let scene: Scene;
let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => scene.feed.close());

function begin(sources: readonly unknown[], more: Readonly<Record<string, string>> = {}): Stage {
  const files = { "lib.csproj": csproj({ [ID]: "1.0.0" }), ...more };
  const policy = policyFor([ID], { sources: { nuget: sources }, registries: { nuget: [scene.feed.origin] } });
  return stage(scene, { project: join(folder, "lib"), home: join(folder, "home") }, files, policy);
}

/** The lock as NuGet would write it. */
function lockOf(unsigned: Buffer): string {
  const entry = {
    type: "Direct",
    requested: "[1.0.0, )",
    resolved: "1.0.0",
    contentHash: scene.feed.contentHash(unsigned),
  };
  return JSON.stringify({ version: 1, dependencies: { "net10.0": { [ID]: entry } } });
}

const credentials = (password: string) =>
  `<packageSourceCredentials><feed><add key="Username" value="any" /><add key="ClearTextPassword" value="${password}" /></feed></packageSourceCredentials>`;

describe.skipIf(!hasDotnet)(
  "an Azure Artifacts feed, with basic authentication and countersigned upstream packages",
  () => {
    beforeEach(async () => {
      scene = await startScene({ azure: true, auth: LOGIN });
    });

    async function prepare(): Promise<{ readonly lib: Stage; readonly unsigned: Buffer }> {
      const unsigned = await scene.publish(WIDGET, { signature: SIGNATURE, bundle: "none" });
      const nuget = nugetConfig({ feed: scene.feed.url }, credentials(LOGIN.password));
      const lib = begin([{ companion: "{id}.Sigstore" }], {
        "nuget.config": nuget,
        "lib.csproj": LOCKED,
        "packages.lock.json": lockOf(unsigned),
      });
      return { lib, unsigned };
    }

    /** Made with our own command, pushed as any package. */
    async function publishCompanion(unsigned: Buffer, about = unsigned): Promise<void> {
      const [package_, bundle, made] = ["widget.nupkg", "bundle.json", "companion.nupkg"].map((name) =>
        join(folder, name),
      ) as [string, string, string];
      writeFileSync(package_, unsigned);
      writeFileSync(bundle, await attest(scene.instance, WIDGET, about));
      const { exit, stderr } = await safeInstall(["evidence", "companion", package_, bundle, made], {
        cwd: folder,
        home: folder,
      });
      expect({ exit, stderr }).toMatchObject({ exit: 0 });
      scene.feed.publish(`${ID}.Sigstore`, "1.0.0", readFileSync(made));
    }

    it("finds the bundle in the companion package: by the lock alone, and for an install", async () => {
      const { lib, unsigned } = await prepare();
      await publishCompanion(unsigned);
      expect(await lib.run("check", "packages.lock.json")).toMatchObject({ exit: 0 });
      expect(await lib.run("dotnet", "restore")).toMatchObject({ exit: 0 });
      expect(lib.read("obj/project.assets.json")).toContain("Acme.Widget/1.0.0");
    });

    it("a companion that retention deleted is missing, not wrong", async () => {
      const { lib, unsigned } = await prepare();
      await publishCompanion(unsigned);
      scene.feed.delete(`${ID}.Sigstore`, "1.0.0");
      expect(await lib.run("check", "packages.lock.json")).toMatchObject({
        exit: 65,
        stdout: expect.stringMatching(
          /NO_EVIDENCE[^]*companion +expected +Acme\.Widget\.Sigstore 1\.0\.0, in the feed of the package\n +found +no such package: never pushed, or deleted/,
        ),
      });
    });

    it("a companion with a bundle about other bytes is wrong", async () => {
      const { lib, unsigned } = await prepare();
      await publishCompanion(unsigned, Buffer.from("other bytes"));
      expect(await lib.run("check", "packages.lock.json")).toMatchObject({
        exit: 66,
        stdout: expect.stringContaining("SUBJECT_MISMATCH"),
      });
    });

    it("without credentials nothing can be found out, and the screen says where they come from", async () => {
      const { lib } = await prepare();
      lib.write({ "nuget.config": nugetConfig({ feed: scene.feed.url }) });
      expect(await lib.run("check", "packages.lock.json")).toMatchObject({
        exit: 69,
        stdout: expect.stringMatching(/answered 401/),
      });
    });

    it("takes credentials as the credential provider for Azure Artifacts does", async () => {
      const { lib, unsigned } = await prepare();
      await publishCompanion(unsigned);
      lib.write({ "nuget.config": nugetConfig({ feed: scene.feed.url }) });
      const endpoints = {
        endpointCredentials: [{ endpoint: scene.feed.url, username: "any", password: LOGIN.password }],
      };
      const env = { ...dotnetEnvironment(lib.home), VSS_NUGET_EXTERNAL_FEED_ENDPOINTS: JSON.stringify(endpoints) };
      expect(
        await safeInstall(["check", "packages.lock.json"], { cwd: lib.project, home: lib.home, env }),
      ).toMatchObject({ exit: 0 });
    });

    it("takes credentials from the environment by the name of the source, and from variables that NuGet.config names", async () => {
      const { lib, unsigned } = await prepare();
      await publishCompanion(unsigned);
      const run = (env: Record<string, string>) =>
        safeInstall(["dotnet", "restore"], {
          cwd: lib.project,
          home: lib.home,
          env: { ...dotnetEnvironment(lib.home), ...env },
        });
      lib.write({ "nuget.config": nugetConfig({ feed: scene.feed.url }) });
      expect(
        await run({ NuGetPackageSourceCredentials_feed: `Username=any;Password=${LOGIN.password}` }),
      ).toMatchObject({ exit: 0 });
      lib.write({ "nuget.config": nugetConfig({ feed: scene.feed.url }, credentials("%FEED_TOKEN%")) });
      expect(await run({ FEED_TOKEN: LOGIN.password })).toMatchObject({ exit: 0 });
    });
  },
);

describe.skipIf(!hasDotnet)("a credential provider (a fake one, in the place of that for Azure Artifacts)", () => {
  const FILES = { "lib.csproj": LOCKED };

  async function prepare(): Promise<Stage> {
    scene = await startScene({ azure: true, auth: LOGIN });
    const unsigned = await scene.publish(WIDGET, { signature: SIGNATURE });
    return begin([{ directory: "bundles" }], { ...FILES, "packages.lock.json": lockOf(unsigned) });
  }

  const runWith = (lib: Stage, provider: string) => ({
    env: { ...dotnetEnvironment(lib.home), NUGET_PLUGIN_PATHS: provider },
    cwd: lib.project,
    home: lib.home,
  });
  const asked = (provider: string) => readFileSync(`${provider}.asked`, "utf8").trim().split("\n");

  it("is asked once, as dotnet itself asks it: for what we fetch, and for a restore in quarantine", async () => {
    const lib = await prepare();
    const provider = writeProvider(join(folder, "provider"), LOGIN.password);
    expect(await lib.plain("restore")).toMatchObject({ exit: 1, stdout: expect.stringContaining("401") });
    const with_ = runWith(lib, provider);
    expect(await plainDotnet(["restore"], with_)).toMatchObject({ exit: 0 });
    rmSync(`${provider}.asked`);
    rmSync(join(lib.home, ".nuget"), { recursive: true });
    expect(await safeInstall(["check", "packages.lock.json"], with_)).toMatchObject({ exit: 0 });
    expect(asked(provider)).toEqual([scene.feed.url]);
    expect(await safeInstall(["dotnet", "restore"], with_)).toMatchObject({ exit: 0 });
    lib.remove("packages.lock.json");
    expect(await safeInstall(["dotnet", "restore"], with_)).toMatchObject({ exit: 0 });
  });

  it("is told when what it gave is not accepted", async () => {
    const lib = await prepare();
    const provider = writeProvider(join(folder, "provider"), LOGIN.password, "expired");
    expect(await safeInstall(["check", "packages.lock.json"], runWith(lib, provider))).toMatchObject({ exit: 0 });
    expect(asked(provider)).toEqual([scene.feed.url, `${scene.feed.url} again`]);
  });

  it("that has nothing better leaves it at could not find out; one that says nothing too", async () => {
    const lib = await prepare();
    const wrong = writeProvider(join(folder, "provider"), "wrong");
    expect(await safeInstall(["check", "packages.lock.json"], runWith(lib, wrong))).toMatchObject({ exit: 69 });
    const dumb = join(folder, "provider", "dumb");
    writeFileSync(dumb, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    expect(await safeInstall(["check", "packages.lock.json"], runWith(lib, dumb))).toMatchObject({ exit: 69 });
  });

  it("inside the project is not started", async () => {
    const lib = await prepare();
    const provider = writeProvider(join(lib.project, "provider"), LOGIN.password);
    expect(await safeInstall(["check", "packages.lock.json"], runWith(lib, provider))).toMatchObject({
      exit: 69,
      stdout: expect.stringContaining("answered 401"),
    });
    expect(lib.exists("provider/nuget-plugin-acme.asked")).toBe(false);
  });
});

describe("an author's signature inside the package", () => {
  const AUTHOR = newParty("author");
  const root = newParty("tsa root", { purpose: "none", ca: true });
  const timestamp = { by: newParty("tsa", { purpose: "timeStamping", issuer: root }), chain: [root] };

  /** (What is let in is shown with a real package, in test/real: no authority for timestamps can be made up.) */
  async function signed(over: (unsigned: Buffer) => Buffer): Promise<Stage> {
    scene = await startScene();
    const unsigned = scene.feed.make(WIDGET);
    const cms = mintSignature(contentFor(over(unsigned)), { by: AUTHOR, kind: "author", timestamp });
    scene.feed.publish(ID, "1.0.0", addSignature(unsigned, cms));
    const signers = { author: { nugetSignature: { kind: "author", fingerprints: [AUTHOR.fingerprint] } } };
    const rules = [{ packages: [`nuget:${ID}`], signedBy: ["author"] }];
    const policy = JSON.stringify({ version: 1, signers, rules });
    return begin([], { "packages.lock.json": lockOf(unsigned), ".signing-policy.json": policy });
  }

  it("is no evidence where nobody that is known says when it was made", async () => {
    const lib = await signed((unsigned) => unsigned);
    expect(await lib.run("check", "packages.lock.json")).toMatchObject({
      exit: 65,
      stdout: expect.stringContaining("NO_EVIDENCE"),
    });
  });

  it("over other content does not hold", async () => {
    const lib = await signed(() => Buffer.from("another package"));
    expect(await lib.run("check", "packages.lock.json")).toMatchObject({
      exit: 66,
      stdout: expect.stringContaining("SUBJECT_MISMATCH"),
    });
  });
});

describe.skipIf(!hasDotnet)("other sources", () => {
  beforeEach(async () => {
    scene = await startScene();
  });

  it.each([".sigstore.json", ".sigstore", ".intoto.jsonl"])("beside the file in a folder feed: %s", async (ending) => {
    const unsigned = await scene.publish(WIDGET, { bundle: "none" });
    const feed = join(folder, "feed");
    mkdirSync(feed);
    writeFileSync(join(feed, "Acme.Widget.1.0.0.nupkg"), unsigned);
    const lib = begin([{ beside: true }], { "nuget.config": nugetConfig({ local: feed }) });
    expect(await lib.run("dotnet", "restore")).toMatchObject({
      exit: 65,
      stderr: expect.stringContaining("NO_EVIDENCE"),
    });
    writeFileSync(join(feed, `Acme.Widget.1.0.0.nupkg${ending}`), await attest(scene.instance, WIDGET, unsigned));
    expect(await lib.run("dotnet", "restore")).toMatchObject({ exit: 0 });
  });

  it("by URL, with the names that releases give their files", async () => {
    const unsigned = await scene.publish(WIDGET, { signature: SIGNATURE, bundle: "none" });
    scene.feed.serve(
      "/releases/Acme.Widget/v1.0.0/Acme.Widget.1.0.0.nupkg.sigstore.json",
      await attest(scene.instance, WIDGET, unsigned),
    );
    const lib = begin([{ url: `${scene.feed.origin}/releases/{id}/v{version}/{filename}.sigstore.json` }]);
    expect(await lib.run("dotnet", "restore")).toMatchObject({ exit: 0 });
  });

  it("in GitHub's store, by the digest from before the feed signed, in the repository that the signer names", async () => {
    const unsigned = await scene.publish(WIDGET, { signature: SIGNATURE, bundle: "none" });
    const bundle = JSON.parse(await attest(scene.instance, WIDGET, unsigned)) as unknown;
    scene.feed.serve(
      `/repos/acme/Acme.Widget/attestations/sha256:${sha256(unsigned)}`,
      JSON.stringify({ attestations: [{ bundle, repository_id: 1 }] }),
    );
    const lib = begin([{ github: true }]);
    const env = { ...dotnetEnvironment(lib.home), GITHUB_API_URL: scene.feed.origin };
    expect(await safeInstall(["dotnet", "restore"], { cwd: lib.project, home: lib.home, env })).toMatchObject({
      exit: 0,
    });
    expect(
      scene.feed.requests
        .filter((url) => url.startsWith("/repos/"))
        .every((url) => url.startsWith("/repos/acme/Acme.Widget/")),
    ).toBe(true);
  });

  it("a package attested after its author signed it, and countersigned since, matches no form, and the screen says why", async () => {
    const author = Buffer.concat([
      Buffer.from([0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x06, 0x01]),
      SIGNATURE,
    ]);
    const both = Buffer.concat([
      author,
      Buffer.from([0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x06, 0x02]),
    ]);
    const unsigned = await scene.publish(WIDGET, { signature: both, bundle: "none" });
    const { addSignature } = await import("../support/nuget.ts");
    const url = "/b/Acme.Widget.1.0.0.nupkg.json";
    scene.feed.serve(url, await attest(scene.instance, WIDGET, addSignature(unsigned, author)));
    const lib = begin([{ url: `${scene.feed.origin}/b/{filename}.json` }]);
    const { exit, stderr } = await lib.run("dotnet", "restore");
    expect({ exit, stderr }).toMatchObject({
      exit: 66,
      stderr: expect.stringMatching(/SUBJECT_MISMATCH[\s\S]*author-signed/),
    });
  });
});
