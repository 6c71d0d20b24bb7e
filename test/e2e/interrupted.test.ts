import { start, waitingScript } from "../support/interrupted.ts";
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";

/** A project whose install is in the middle of its hand-off: the install script of `slow` has begun and will not end by itself. */
async function inTheMiddle(): Promise<{
  project: string;
  home: string;
  run: ReturnType<typeof start>;
}> {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  const { script, begun } = await waitingScript();
  const instance = await createInstance();
  await publishSigned(registry, instance, { name: "slow", version: "1.0.0", scripts: { postinstall: script } });

  const [home, project] = [temporaryFolder(), join(temporaryFolder(), "project")];
  writeProject(project, registry, {
    locked: [{ name: "slow", version: "1.0.0", entry: { hasInstallScript: true } }],
    policy: policyFor(["slow"]),
    files: { "trust/root.json": instance.trustedRoot },
  });
  mkdirSync(join(project, "node_modules", "before"), { recursive: true });
  writeFileSync(join(project, "node_modules", "before", "x"), "x");
  const run = start(["npm", "ci"], { cwd: project, home });
  await begun(run);
  return { project, home, run };
}

it("kill -9 in the middle of the hand-off: the next run puts everything back, also when it denies", async () => {
  const { project, home, run } = await inTheMiddle();
  run.signal("SIGKILL");
  await run.ended;
  expect(existsSync(join(project, "node_modules", "before"))).toBe(false);

  writeFileSync(
    join(project, ".signing-policy.json"),
    JSON.stringify({ version: 1, rules: [{ packages: ["npm:other"] }] }),
  );
  const { exit, stderr } = await safeInstall(["npm", "ci"], { cwd: project, home });
  expect({ exit, stderr }).toMatchObject({ exit: 65, stderr: expect.stringContaining("put back") });
  expect(readdirSync(join(project, "node_modules"))).toEqual(["before"]);
  expect(readFileSync(join(project, "node_modules", "before", "x"), "utf8")).toBe("x");
  expect(readdirSync(project).filter((name) => name.startsWith(".safe-install"))).toEqual([]);
});

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s, as Ctrl-C or a cancelled job sends it: the project is as it was", async (signal, code) => {
  const { project, run } = await inTheMiddle();
  run.signal(signal);
  expect(await run.ended).toBe(code);
  const words = "safe-install: interrupted; everything was put back as it was\n";
  await vi.waitFor(() => expect(run.said()).toContain(words), { timeout: 60_000 });
  expect(readdirSync(join(project, "node_modules"))).toEqual(["before"]);
  expect(readdirSync(project).filter((name) => name.startsWith(".safe-install"))).toEqual([]);
});
