import type { NpmConfig } from "../../../../../plugins/npm/config.ts";
import { resolveIn } from "../../../../../plugins/npm/resolve/stage/resolving.ts";
import type { Staging } from "../../../../../plugins/npm/resolve/stage/staging.ts";
import type { Command, Host } from "../../../../../src/plugin.ts";
import { temporaryFolder } from "../../../../support/folder.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

interface Ran {
  readonly args: readonly string[];
  readonly guard: string;
}

/** An npm that ends with this code, and whose guard has refused this. */
async function resolveWith(code: number, refused: string | null, version = "12.0.0"): Promise<Ran> {
  const folder = temporaryFolder();
  let ran: readonly string[] = [];
  const run = async ({ args, log = "" }: Command): Promise<number> => {
    ran = args;
    writeFileSync(log, "npm error code E404");
    if (refused !== null) writeFileSync(join(folder, "refused"), refused);
    return code;
  };
  const flat = { registry: "https://npm.example/feed/", "@acme:registry": "https://acme.example/" };
  const config = { flat, get: () => null } as unknown as NpmConfig;
  const host = { run, env: {}, offline: false } as unknown as Host;
  const npm = { folder, entry: join(folder, "npm-cli.js"), version };
  const task = { change: "install", specs: ["widget"], options: {}, tests: false } as const;
  const staging: Staging = {
    origin: { repositoryRoot: folder, project: folder, cwd: folder },
    task,
    npm,
    config,
    admitted: ["https://mirror.example/npm/"],
    archives: [],
    host,
  };
  await resolveIn(
    { repositoryRoot: folder, project: folder, cwd: folder, hasManifest: true, archives: {} },
    folder,
    staging,
  );
  return { args: ran, guard: readFileSync(join(folder, "guard.cjs"), "utf8") };
}

it("the guard knows the origins that npm is configured for, and those of the policy", async () => {
  const { args, guard } = await resolveWith(0, null);
  expect(guard).toContain('["https://npm.example","https://acme.example","https://mirror.example"]');
  expect(args[0]).toBe("--require");
});

it.each([
  ["11.13.0", []],
  ["11.14.0", ["--allow-remote=all"]],
])("npm %s leaves it to the guard", async (version, expected) => {
  const { args } = await resolveWith(0, null, version);
  expect(args.filter((word) => word.startsWith("--allow-remote"))).toEqual(expected);
});

it.each([0, 1])("what the guard refused is refused, also where npm ends with %i", async (code) => {
  const remote = "remote:x@https://evil.example/x.tgz https://user:secret@evil.example/x.tgz\n";
  await expect(resolveWith(code, remote)).rejects.toMatchObject({
    code: "REMOTE_DEPENDENCY",
    message: expect.stringMatching(/^https:\/\/evil\.example\/x\.tgz: /),
  });
  const git = "git:x@git+ssh://git@host.example/a/x https://host.example/x.tgz\n";
  await expect(resolveWith(code, git)).rejects.toMatchObject({ code: "GIT_DEPENDENCY" });
});

it("what npm says is handed on", async () => {
  await expect(resolveWith(1, null)).rejects.toMatchObject({
    code: "NOT_RESOLVED",
    message: expect.stringContaining("E404"),
  });
});
