import { passThrough } from "../../src/io/pass-through.ts";
import { withOwnCode } from "../../src/io/program.ts";
import { converse, spawnInherit } from "../../src/io/run.ts";
import { temporaryFolder } from "../support/folder.ts";
import { readdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "node:events";
import { describe, expect, test, vi } from "vitest";

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

describe.skipIf(process.platform === "win32")("one that is asked, and starts another that waits for somebody", () => {
  // What a device login does: a browser, or a helper, that outlives whoever asked for it, with the same output.
  const waiting = (folder: string, then: string) => ({
    file: "/bin/sh",
    args: ["-c", `sleep 1000 & echo $! > pid; echo started; ${then}`],
    cwd: folder,
    env: {},
  });
  const isAlive = (folder: string): boolean => {
    try {
      const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
      // What ended and nobody has waited for yet does nothing any more.
      return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
    } catch {
      return false;
    }
  };
  const gone = (folder: string) => vi.waitFor(() => expect(isAlive(folder)).toBe(false), 20_000);

  test("neither ends: both are ended at the bound", async () => {
    const folder = temporaryFolder();
    const never = new AbortController().signal;
    let heard = 0;
    await converse(waiting(folder, "wait"), { hear: () => (heard++, false), timeoutMs: 1000, signal: never });
    await gone(folder);
    expect(heard).toBeLessThanOrEqual(1);
  });

  test("it ends, the other does not: nobody waits for it, and it ends too", async () => {
    const folder = temporaryFolder();
    const signal = new AbortController().signal;
    await converse(waiting(folder, "exit 0"), { hear: () => false, timeoutMs: 60_000, signal });
    await gone(folder);
  });

  test("the run is stopped: both end", async () => {
    const folder = temporaryFolder();
    const stop = new AbortController();
    const hear = () => (stop.abort(), false);
    await converse(waiting(folder, "wait"), { hear, timeoutMs: 60_000, signal: stop.signal });
    await gone(folder);
  });
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
