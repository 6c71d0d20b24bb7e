/** What a cache that was restored, or a folder beside the repository, may do: nothing. */
import { safeInstall } from "../support/cli.ts";
import { makeFifo } from "../support/fifo.ts";
import { temporaryFolder } from "../support/folder.ts";
import { commitAll } from "../support/git.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { closeSync, ftruncateSync, openSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

test("a cache whose entries are pipes, 700 MB long, or answers without evidence: nothing is believed, nothing hangs", async () => {
  const [project, home] = [join(temporaryFolder(), "project"), temporaryFolder()];
  const [instance, registry] = [await createInstance(), await startRegistry()];
  onTestFinished(() => registry.close());
  await publishSigned(registry, instance, { name: "widget", version: "1.0.0" });
  writeProject(project, registry, {
    locked: [{ name: "widget", version: "1.0.0" }],
    policy: policyFor(["widget"]),
    files: { "trust/root.json": instance.trustedRoot },
  });
  const asked = () => registry.requests.filter(({ url }) => url.includes("attestations")).length;
  const check = (...words: readonly string[]) => safeInstall(["check", ...words], { cwd: project, home });
  expect((await check()).exit).toBe(0);
  expect(await check("--offline")).toMatchObject({ exit: 0 });
  const entries = () => filesBelow(join(home, ".cache"));
  expect(entries().length).toBeGreaterThan(0);
  for (const plant of [makeFifo, huge, empty]) {
    for (const entry of entries()) {
      rmSync(entry);
      plant(entry);
    }
    const before = asked();
    expect((await check()).exit, plant.name).toBe(0);
    expect(asked(), plant.name).toBe(before + 1);
  }
});

function filesBelow(folder: string): readonly string[] {
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
  return all.filter((path) => !statSync(path).isDirectory());
}

function huge(path: string): void {
  const file = openSync(path, "w");
  ftruncateSync(file, 700 * 1024 * 1024);
  closeSync(file);
}

function empty(path: string): void {
  writeFileSync(path, '{"attestations":[]}');
}

test("a policy beside the repository has no earlier version, wherever one may lie", async () => {
  const [parent, home] = [temporaryFolder(), temporaryFolder()];
  const project = join(parent, "project");
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  writeProject(project, registry, { locked: [], policy: { version: 1 } });
  writeFileSync(join(parent, "corp.json"), JSON.stringify({ version: 1 }));
  commitAll(project);
  const words = ["--policy", "../corp.json", "--changed-since", "HEAD", "--report", "json"];
  const { exit, stdout } = await safeInstall(["check", ...words], { cwd: project, home });
  expect({ exit, stdout }).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining("git knows no earlier version of"),
  });
});
