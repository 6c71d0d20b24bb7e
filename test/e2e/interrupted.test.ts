import { isolated, BIN, safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { createInstance, policyFor, publishSigned } from "../support/signed.ts";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

/** A project whose install is in the middle of its hand-off: the install script of `slow` has begun and will not end by itself. */
async function inTheMiddle(): Promise<{
  project: string;
  home: string;
  child: ChildProcess;
  ended: Promise<number | null>;
}> {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  const begun = createServer();
  const started = new Promise<void>((resolve) => void begun.once("connection", () => resolve()));
  await new Promise<void>((resolve) => void begun.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void begun.close());
  const { port } = begun.address() as AddressInfo;
  const wait = `node -e "require('net').connect(${port}, '127.0.0.1').on('error', () => process.exit(1))"`;
  const instance = await createInstance();
  await publishSigned(registry, instance, { name: "slow", version: "1.0.0", scripts: { postinstall: wait } });

  const [home, project] = [temporaryFolder(), join(temporaryFolder(), "project")];
  writeProject(project, registry, {
    locked: [{ name: "slow", version: "1.0.0", entry: { hasInstallScript: true } }],
    policy: policyFor(["slow"]),
    files: { "trust/root.json": instance.trustedRoot },
  });
  mkdirSync(join(project, "node_modules", "before"), { recursive: true });
  writeFileSync(join(project, "node_modules", "before", "x"), "x");
  const child = spawn(process.execPath, [BIN, "npm", "ci"], {
    cwd: project,
    env: isolated(home),
    stdio: "ignore",
    detached: true,
  });
  const ended = new Promise<number | null>((resolve) => void child.once("exit", resolve));
  await Promise.race([started, ended.then((code) => Promise.reject(new Error(`ended with ${code} too early`)))]);
  return { project, home, child, ended };
}

function group(child: ChildProcess): number {
  return -(child.pid ?? Number.NaN);
}

it("kill -9 in the middle of the hand-off: the next run puts everything back, also when it denies", async () => {
  const { project, home, child, ended } = await inTheMiddle();
  process.kill(group(child), "SIGKILL");
  await ended;
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
  const { project, child, ended } = await inTheMiddle();
  process.kill(group(child), signal);
  expect(await ended).toBe(code);
  expect(readdirSync(join(project, "node_modules"))).toEqual(["before"]);
  expect(readdirSync(project).filter((name) => name.startsWith(".safe-install"))).toEqual([]);
});
