/** An export of evidence is judged again for each ecosystem, with its registry gone; and as docs/evidence.md says it. */
import { isolated, safeInstall } from "../support/cli.ts";
import { reportIn, typeIn } from "../support/exported.ts";
import { temporaryFolder } from "../support/folder.ts";
import { dotnetEnvironment } from "../support/nuget/project.ts";
import { policyFor as nugetPolicy, stage, startScene } from "../support/nuget/scene.ts";
import { page } from "../support/pages.ts";
import { writeProject } from "../support/project.ts";
import { makeWheel, sha256, startIndex } from "../support/pypi.ts";
import { policyFor as pypiPolicy, publishSigned as publishWheel } from "../support/pypi/signed.ts";
import { startRegistry } from "../support/registry.ts";
import { layRepository } from "../support/repository.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

const LATER = new Date(Date.now() + 730 * 86_400_000).toISOString();

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
    expect(reportIn(project, "now.json")).toEqual(reportIn(project, "then.json"));
  });

  it("packages of a packages.lock.json, whose evidence lies in a folder", async () => {
    const scene = await startScene();
    const bytes = await scene.publish({ id: "Acme.Widget", version: "1.0.0" });
    const where = { project: temporaryFolder(), home: temporaryFolder() };
    const contentHash = createHash("sha512").update(bytes).digest("base64");
    const lock = {
      version: 1,
      dependencies: {
        "net10.0": { "Acme.Widget": { type: "Direct", requested: "[1.0.0, )", resolved: "1.0.0", contentHash } },
      },
    };
    const here = stage(scene, where, { "packages.lock.json": JSON.stringify(lock) }, nugetPolicy(["Acme.Widget"]));
    const typed = (words: readonly string[], home: string) =>
      safeInstall(words, { cwd: where.project, home, env: dotnetEnvironment(home) });
    const then = await typed(["evidence", "export", "out", "--report", "json=then.json"], where.home);
    await scene.feed.close();
    here.remove("bundles");
    here.write({ "bundles/.keep": "" });
    const words = ["check", "--evidence", "out", "--at", LATER, "--report", "json=now.json"];
    const now = await typed(words, temporaryFolder());
    expect([then.exit, now.exit], JSON.stringify([then, now])).toEqual([0, 0]);
    expect(reportIn(where.project, "now.json")).toEqual(reportIn(where.project, "then.json"));
  });
});

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
