import { onlyFrom, restoreClosed } from "../../../../plugins/dotnet/handoff/restore.ts";
import type { Session } from "../../../../plugins/dotnet/session/session.ts";
import type { Command } from "../../../../src/plugin.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { expect, it } from "vitest";

async function restore({
  code = 0,
  lockedMode = false,
  sdks = null as string | null,
  inSession = false,
  words = ["-p:Mine=1"],
} = {}) {
  const cwd = temporaryFolder();
  const notices: string[] = [];
  const commands: Command[] = [];
  const tasks: unknown[] = [];
  const run = (one: Command) => (commands.push(one), Promise.resolve(code));
  const host = { ...testHost({ home: temporaryFolder(), notices }), run };
  const last = (...all: unknown[]) => (tasks.push(...all), Promise.resolve(code));
  const session = inSession ? ({ last } as unknown as Session) : null;
  const dotnet = { file: "/sdk/dotnet", cwd, host, sdks, home: cwd, session };
  const asked = { dotnet, target: { file: "/p/a.slnx", folder: "/p" }, words, lockedMode };
  const feed = { config: "/feed/nuget.config", folder: "/feed" } as never;
  return { ended: await restoreClosed(asked, feed, "/packages", "/others"), commands, tasks, notices };
}

it("restores from the feed of proven packages, and nothing else", async () => {
  const { ended, commands, notices } = await restore();
  expect(ended).toBe(0);
  const [{ file, args, env } = {} as Command] = commands;
  expect(file).toBe("/sdk/dotnet");
  const properties = {
    RestoreConfigFile: "/feed/nuget.config",
    RestorePackagesPath: "/packages",
    RestoreNoHttpCache: "true",
    RestoreForce: "true",
    RestoreForceEvaluate: "false",
    RestoreIgnoreFailedSources: "false",
    NuGetAudit: "false",
    ...onlyFrom("/feed"),
  };
  for (const [name, value] of Object.entries(properties)) expect(args).toContain(`-p:${name}=${value}`);
  expect(args).toContain("-p:Mine=1");
  expect(args.join()).not.toMatch(/RestoreLockedMode|MSB4241/);
  expect(env).toMatchObject({ NUGET_PACKAGES: "/others" });
  expect(notices).toEqual([]);
});

it.each([
  [1, true, 1],
  [1, false, 0],
  [0, true, 0],
])("ends with %i, by the lock: %s; says how to write the lock anew: %i times", async (code, lockedMode, times) => {
  for (const inSession of [false, true]) {
    const { ended, notices } = await restore({ code, lockedMode, inSession });
    expect(ended).toBe(code);
    expect(notices.filter((one) => one.includes("--force-evaluate"))).toHaveLength(times);
  }
});

it("the words that write a lock anew name the platform that it lacks", async () => {
  const { notices } = await restore({ code: 1, lockedMode: true, words: ["-p:RuntimeIdentifier=linux-arm64"] });
  expect(notices.join()).toContain("safe-install dotnet restore -r linux-arm64 --force-evaluate writes");
});

it("where every project has a lock, that counts", async () => {
  expect((await restore({ lockedMode: true })).commands[0]?.args).toContain("-p:RestoreLockedMode=true");
});

it("proven project SDKs are found without a warning, and a session is the last of its task", async () => {
  expect((await restore({ sdks: "/sdks" })).commands[0]?.args).toContain("-nowarn:MSB4241");
  const { commands, tasks } = await restore({ inSession: true });
  expect(commands).toEqual([]);
  expect(tasks).toMatchObject([{ file: "/sdk/dotnet" }, { file: "/p/a.slnx", target: "Restore" }]);
});
