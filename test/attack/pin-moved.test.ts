/** Whoever may publish a new version of a name of which only digests are recorded is not trusted for it in passing. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { createInstance, publishSigned } from "../support/signed.ts";
import { githubIdentity } from "../support/sigstore.ts";
import { hexOf } from "../support/tarball.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

test("policy pin: a new version of a recorded name that another repository's pipeline signed waits for a person", async () => {
  const [project, home] = [join(temporaryFolder(), "project"), temporaryFolder()];
  const instance = await createInstance();
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  const manifest = { repository: { type: "git", url: "git+https://github.com/acme/plain.git" } };
  registry.publish({ name: "plain", version: "1.0.0", manifest });
  const by = (repository: string, ref: string) => ({
    identity: githubIdentity({ repository, workflow: ".github/workflows/release.yml", ref }),
  });
  const second = { name: "plain", version: "2.0.0", manifest };
  await publishSigned(registry, instance, second, by("mallory/plain", "refs/tags/v2.0.0"));
  await publishSigned(registry, instance, { ...second, version: "3.0.0" }, by("acme/plain", "refs/tags/v3.0.0"));

  const digest = `sha512:${hexOf(registry.tarballOf("plain", "1.0.0").bytes)}`;
  const pin = (version: string, ...words: readonly string[]) => {
    writeProject(project, registry, {
      locked: [{ name: "plain", version }],
      policy: {
        version: 1,
        trust: { test: { trustedRoot: "trust/root.json" } },
        rules: [{ packages: ["npm:*"], unsigned: "recorded" }],
        recorded: { file: "recorded.json", reason: "roll-out", expires: "2099-01-01" },
      },
      files: {
        "trust/root.json": instance.trustedRoot,
        "recorded.json": JSON.stringify({ version: 1, packages: { "pkg:npm/plain@1.0.0": [digest] } }),
      },
    });
    return safeInstall(["policy", "pin", ...words, "--write"], { cwd: project, home });
  };
  const policy = () => readFileSync(join(project, ".signing-policy.json"), "utf8");

  const moved = await pin("2.0.0");
  expect(moved).toMatchObject({ exit: 65, stdout: expect.stringContaining("mallory/plain") });
  expect(moved.stdout.replaceAll(/\s+/g, " ")).toContain(
    "says that it comes from git+https://github.com/acme/plain.git",
  );
  expect(policy()).not.toContain("mallory");
  expect((await pin("2.0.0", "plain")).exit).toBe(0);
  expect(policy()).toContain("mallory/plain");

  const own = await pin("3.0.0");
  expect(own.exit).toBe(0);
  expect(own.stdout.replaceAll(/\s+/g, " ")).toContain("1.0.0, recorded so far, says that it comes from");
  expect(policy()).toContain("acme/plain");
});
