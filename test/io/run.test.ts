import { passThrough } from "../../src/io/pass-through.ts";
import { withOwnCode } from "../../src/io/program.ts";
import { converse, spawnInherit } from "../../src/io/run.ts";
import { temporaryFolder } from "../support/folder.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
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
