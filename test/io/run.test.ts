import { passThrough } from "../../src/io/pass-through.ts";
import { withOwnCode } from "../../src/io/program.ts";
import { converse, spawnInherit } from "../../src/io/run.ts";
import { temporaryFolder } from "../support/folder.ts";
import { readdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "node:events";
import { describe, expect, test } from "vitest";

describe("a program that is started keeps no compiled code in a folder that others share", () => {
  const signal = new AbortController().signal;
  const telling = (file: string) => ({
    file: process.execPath,
    args: [
      "-e",
      `require("fs").writeFileSync(${JSON.stringify(file)}, String(process.env.NODE_DISABLE_COMPILE_CACHE))`,
    ],
    cwd: temporaryFolder(),
    env: {},
  });

  test.each([
    ["an installer", (file: string) => spawnInherit(telling(file), signal)],
    ["one that is asked", (file: string) => converse(telling(file), { hear: () => true, timeoutMs: 60_000, signal })],
    ["one that is passed through", (file: string) => passThrough(telling(file))],
  ])("%s", async (_, start) => {
    const file = join(temporaryFolder(), "told");
    await start(file);
    expect(readFileSync(file, "utf8")).toBe("1");
  });

  test("a folder that the user names counts", () =>
    expect(withOwnCode({ NODE_COMPILE_CACHE: "/home/me/compiled" })).toEqual({
      NODE_COMPILE_CACHE: "/home/me/compiled",
    }));
});

describe("an installer that is started", () => {
  const never = new AbortController().signal;
  const node = (script: string, more: { readonly log?: string; readonly toTheEnd?: boolean } = {}) => ({
    file: process.execPath,
    args: ["-e", script],
    cwd: "/",
    env: {},
    ...more,
  });
  /** It has begun when it has written the file. */
  const waiting = (file: string, then: string) =>
    `process.on("SIGTERM", () => {${then}}); require("fs").writeFileSync(${JSON.stringify(file)}, ""); setInterval(() => {}, 1000)`;

  test("its exit code is ours", async () => expect(await spawnInherit(node("process.exit(7)"), never)).toBe(7));

  test("where a signal ended it: 128 and its number", async () =>
    expect(await spawnInherit(node('process.kill(process.pid, "SIGKILL")'), never)).toBe(137));

  test.each([
    ["no such file", { ...node(""), file: "/nowhere/npm" }],
    ["no such folder", { ...node(""), cwd: "/nowhere" }],
    ["what no system takes", { ...node(""), args: ["\0"] }],
  ])("where it cannot be: %s", async (_, command) =>
    expect(spawnInherit(command, never)).rejects.toMatchObject({ code: "INSTALLER_NOT_STARTED" }),
  );

  test("silently: both streams are added to the file", async () => {
    const log = join(temporaryFolder(), "log");
    writeFileSync(log, "before\n");
    await spawnInherit(
      node('require("fs").writeSync(1, "one\\n"); require("fs").writeSync(2, "two\\n")', { log }),
      never,
    );
    expect(readFileSync(log, "utf8")).toBe("before\none\ntwo\n");
  });

  test("is asked to end where we are, and its answer counts", async () => {
    const [folder, ours] = [temporaryFolder(), new AbortController()];
    const begun = begins(folder);
    const code = spawnInherit(node(waiting(join(folder, "begun"), "process.exit(5)")), ours.signal);
    await begun;
    ours.abort();
    expect(await code).toBe(5);
  });

  test("is not asked where it puts things back", async () => {
    const [folder, ours] = [temporaryFolder(), new AbortController()];
    ours.abort();
    expect(await spawnInherit(node("process.exit(3)", { toTheEnd: true }), ours.signal)).toBe(3);
    expect(
      await spawnInherit(
        node(`require("fs").writeFileSync(${JSON.stringify(join(folder, "begun"))}, "")`),
        ours.signal,
      ),
    ).toBe(143);
    expect(readdirSync(folder)).toEqual([]);
  });
});

async function begins(folder: string): Promise<void> {
  const watcher = watch(folder);
  await once(watcher, "change");
  watcher.close();
}
