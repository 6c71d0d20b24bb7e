/** What each kind of export carries: judged again two years later, missed where it is not there; and as docs/evidence.md says it. */
import { isolated, safeInstall } from "../support/cli.ts";
import { decodeBundle, encodeBundle } from "../../src/trust/bundle.ts";
import { corpusText, hasCorpus } from "../support/corpus.ts";
import { digestIn, reportIn, typeIn } from "../support/exported.ts";
import { temporaryFolder } from "../support/folder.ts";
import { contentFor, mintSignature, newParty } from "../support/nuget/cms.ts";
import { dotnetEnvironment } from "../support/nuget/project.ts";
import { policyFor as nugetPolicy, stage, startScene } from "../support/nuget/scene.ts";
import { addSignature } from "../support/nuget/signed.ts";
import { page } from "../support/pages.ts";
import { writeProject } from "../support/project.ts";
import { makeWheel, sha256, startIndex } from "../support/pypi.ts";
import { policyFor as pypiPolicy, publishSigned as publishWheel } from "../support/pypi/signed.ts";
import { startRegistry } from "../support/registry.ts";
import { layRepository } from "../support/repository.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { rootBytes, trustWorld } from "../support/trust-world.ts";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

const LATER = new Date(Date.now() + 730 * 86_400_000).toISOString();

/** Whatever is taken out of an export is missed by its name. */
async function missesEach(project: string): Promise<void> {
  const folder = join(project, "out/sha256");
  const names = readdirSync(folder);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    renameSync(join(folder, name), join(project, "away"));
    expect(await typeIn(project, ["evidence", "verify", "out"])).toMatchObject({
      exit: 66,
      shown: expect.stringContaining(`${name}: it is missing`),
    });
    renameSync(join(project, "away"), join(folder, name));
  }
}

describe("judged again two years later, where nothing answers", () => {
  it("wheels of a uv.lock, whose index says where their provenance is", async () => {
    const [instance, index] = [await createInstance({ curve: "P-256" }), await startIndex()];
    const wheel = makeWheel({ name: "widget", version: "1.0.0" });
    const bare = makeWheel({ name: "bare", version: "1.0.0" });
    await publishWheel(index, instance, wheel);
    index.publish(bare);
    const project = temporaryFolder();
    layRepository(project);
    mkdirSync(join(project, "trust"));
    writeFileSync(join(project, "trust/root.json"), JSON.stringify(instance.trustedRoot));
    writeFileSync(join(project, ".signing-policy.json"), JSON.stringify(pypiPolicy(["widget", "bare"])));
    const packages = [wheel, bare].map(
      ({ filename, bytes }) => `[[package]]
name = "${filename.split("-")[0]}"
version = "1.0.0"
source = { registry = "${index.origin}/simple" }
wheels = [{ url = "${index.origin}/files/${filename}", hash = "sha256:${sha256(bytes)}", size = 1 }]
`,
    );
    writeFileSync(
      join(project, "uv.lock"),
      `version = 1\nrevision = 2\nrequires-python = ">=3.10"\n${packages.join("")}`,
    );
    const env = { PIP_INDEX_URL: index.url, PATH: "/nowhere" };
    const then = await typeIn(project, ["evidence", "export", "out", "--report", "json=then.json"], { env });
    await index.close();
    const now = await typeIn(project, ["check", "--evidence", "out", "--at", LATER, "--report", "json=now.json"], {
      env,
    });
    // The bare one has no evidence, and that it had none is an answer, too.
    expect([then.exit, now.exit], then.shown + now.shown).toEqual([65, 65]);
    expect(reportIn(project, "now.json")).toBe(reportIn(project, "then.json"));
    await missesEach(project);
  });

  it("packages of a packages.lock.json, whose evidence lies in a folder", async () => {
    const scene = await startScene();
    const bytes = await scene.publish({ id: "Acme.Widget", version: "1.0.0" });
    // By its author, at a time that nobody known vouches for: the signature travels, and is no more than it was.
    const author = newParty("author");
    const unsigned = scene.feed.make({ id: "Acme.Signed", version: "1.0.0" });
    const cms = mintSignature(contentFor(unsigned), { by: author, kind: "author" });
    scene.feed.publish("Acme.Signed", "1.0.0", addSignature(unsigned, cms));
    const where = { project: temporaryFolder(), home: temporaryFolder() };
    const locked = (content: Buffer) => ({
      type: "Direct",
      requested: "[1.0.0, )",
      resolved: "1.0.0",
      contentHash: createHash("sha512").update(content).digest("base64"),
    });
    const lock = {
      version: 1,
      dependencies: { "net10.0": { "Acme.Widget": locked(bytes), "Acme.Signed": locked(unsigned) } },
    };
    const widget = JSON.parse(nugetPolicy(["Acme.Widget"])) as {
      readonly signers: object;
      readonly rules: readonly object[];
    };
    const policy = {
      ...widget,
      signers: {
        ...widget.signers,
        author: { nugetSignature: { kind: "author", fingerprints: [author.fingerprint] } },
      },
      rules: [...widget.rules, { packages: ["nuget:Acme.Signed"], signedBy: ["author"] }],
    };
    const here = stage(scene, where, { "packages.lock.json": JSON.stringify(lock) }, JSON.stringify(policy));
    const typed = (words: readonly string[], home: string) =>
      safeInstall(words, { cwd: where.project, home, env: dotnetEnvironment(home) });
    const then = await typed(["evidence", "export", "out", "--report", "json=then.json"], where.home);
    await scene.feed.close();
    here.remove("bundles");
    here.write({ "bundles/.keep": "" });
    const words = ["check", "--evidence", "out", "--at", LATER, "--report", "json=now.json"];
    const now = await typed(words, temporaryFolder());
    expect([then.exit, now.exit], JSON.stringify([then, now])).toEqual([65, 65]);
    expect(reportIn(where.project, "now.json")).toBe(reportIn(where.project, "then.json"));
    const index = readFileSync(join(where.project, "out/index.json"), "utf8");
    const signature = createHash("sha256").update(cms).digest("hex");
    expect(index).toContain(`"nugetSignature": "${signature}"`);
    await missesEach(where.project);
  });

  it("packages whose signer's trust root was refreshed, by its digest; without it by the chain, while that is current", async () => {
    const [instance, registry] = [await createInstance({ curve: "P-256" }), await startRegistry()];
    onTestFinished(() => registry.close());
    await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
    const { project, run, mirror } = await trustWorld(registry, instance);
    const then = await run(["evidence", "export", "out", "--report", "json=then.json"]);
    expect(then.exit, then.stderr).toBe(0);
    const asked = mirror.asked.length;
    const again = (...words: readonly string[]) =>
      typeIn(project, ["check", "--evidence", "out", "--report", "json=now.json", ...words]);
    expect((await again()).exit).toBe(0);
    expect(reportIn(project, "now.json")).toBe(reportIn(project, "then.json"));
    const vouched = await again("--at", LATER, "--digest", digestIn(then.stderr));
    expect(vouched.exit, vouched.shown).toBe(0);
    expect(vouched.shown).toContain("its metadata expired");
    expect(mirror.asked.length).toBe(asked);
    await missesEach(project);
    const { trust = "" } = JSON.parse(readFileSync(join(project, "out/index.json"), "utf8")) as { trust?: string };
    const carried = decodeBundle(readFileSync(join(project, "out/sha256", trust)))!;
    /** In a whole index: the same repository with other files. @returns the export's digest */
    const plant = (files: ReadonlyMap<string, Buffer>, targets: Readonly<Record<string, Buffer>>) => {
      const metadata = (held: Readonly<Record<string, Buffer>>) =>
        Object.fromEntries(Object.keys(held).map((name) => [name, newest(files, name)]));
      const repositories = carried.repositories.map((one) => ({
        ...one,
        held: { ...one.held, metadata: metadata(one.held.metadata), targets },
      }));
      const planted = Buffer.from(encodeBundle({ repositories }));
      const name = createHash("sha256").update(planted).digest("hex");
      writeFileSync(join(project, "out/sha256", name), planted);
      const path = join(project, "out/index.json");
      const index = readFileSync(path, "utf8").replace(/"trust": "[0-9a-f]{64}"/, `"trust": "${name}"`);
      writeFileSync(path, index);
      return `sha256:${createHash("sha256").update(index).digest("hex")}`;
    };
    const own = { "trusted_root.json": rootBytes(instance) };
    // As it is once its days are over: the chain says no more that it is current, and whoever vouches may.
    mirror.publish(own, { expires: { timestamp: new Date("2026-01-01") } });
    const expired = plant(mirror.files, own);
    expect(await again()).toMatchObject({ exit: 69, shown: expect.stringContaining("--digest takes") });
    expect((await again("--digest", expired)).exit).toBe(0);
    // Another repository's root, under the same name and address.
    const evil = await createInstance({ name: "evil.test", curve: "P-256" });
    const other = await trustWorld(registry, evil);
    plant(other.mirror.files, { "trusted_root.json": rootBytes(evil) });
    expect(await again()).toMatchObject({ exit: 69, shown: expect.stringContaining("does not count") });
  });

  it.skipIf(!hasCorpus)("packages by their registry's own signature", async () => {
    const all = JSON.parse(corpusText("npm/registry-signatures.json")) as readonly RealSignature[];
    const real = all.find((one) => one.name === "which");
    const registry = await startRegistry({ packages: real === undefined ? [] : [{ ...real, published: real.time }] });
    const project = join(temporaryFolder(), "project");
    writeProject(project, registry, {
      locked: [{ name: "which", version: real?.version ?? "" }],
      policy: {
        version: 1,
        signers: { npmjs: { npmRegistry: registry.origin } },
        rules: [{ packages: ["npm:*"], baseline: ["npmjs"] }],
      },
    });
    const then = await typeIn(project, ["evidence", "export", "out", "--report", "json=then.json"]);
    expect(then.exit, then.shown).toBe(0);
    await registry.close();
    const now = await typeIn(project, ["check", "--evidence", "out", "--at", LATER, "--report", "json=now.json"]);
    expect(now.exit, now.shown).toBe(0);
    expect(reportIn(project, "now.json")).toBe(reportIn(project, "then.json"));
    await missesEach(project);
  });
});

/** What a repository serves under a name, with or without a version before it. */
function newest(files: ReadonlyMap<string, Buffer>, name: string): Buffer {
  const versions = [...files.keys()].filter((path) => path === name || path.replace(/^\d+\./, "") === name);
  const [last] = versions.toSorted((left, right) => Number.parseInt(right, 10) - Number.parseInt(left, 10));
  return files.get(last ?? "") ?? Buffer.alloc(0);
}

interface RealSignature {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly time: string;
  readonly signatures: { readonly keyid: string; readonly sig: string }[];
}

it.each(page("docs/evidence.md").blocks.filter(({ comment }) => comment.startsWith("exported:")))(
  "docs/evidence.md, line $line",
  async ({ text }) => {
    const [instance, registry] = [await createInstance({ curve: "P-256" }), await startRegistry()];
    onTestFinished(() => registry.close());
    await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
    const [project, home] = [temporaryFolder(), temporaryFolder()];
    writeProject(project, registry, {
      locked: [{ name: "widget", version: "1.0.0" }],
      policy: policyFor(["widget"]),
      files: { "trust/root.json": instance.trustedRoot },
    });
    for (const line of text.trim().split("\n")) {
      const words = line.split(" ").slice(1);
      const { exit, stdout, stderr } = await safeInstall(words, { cwd: project, home, env: isolated(home) });
      expect(exit, `${line}\n${stdout}${stderr}`).toBe(0);
    }
    rmSync(project, { recursive: true });
  },
);
