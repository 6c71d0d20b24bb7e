import { passThrough } from "../../src/io/pass-through.ts";
import { withOwnCode } from "../../src/io/program.ts";
import { converse, spawnInherit } from "../../src/io/run.ts";
import { temporaryFolder } from "../support/folder.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
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
