import { lifeOf, type Owner, thisProcess } from "../../../src/io/transaction/owner.ts";
import { DEAD } from "../../support/transaction.ts";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { once } from "node:events";
import { describe, expect, it } from "vitest";

const MACHINE = "pid:[4026531836] time:[1]";
const here: Owner = { id: process.pid, started: "100", boot: "b", host: "h m", space: MACHINE };
const other: Owner = { ...here, id: DEAD };

describe.skipIf(!existsSync("/proc/self/stat"))("a process that can be seen from here", () => {
  it("is known by its id and by when it started", async () => {
    const self = await thisProcess();
    expect(self).toMatchObject({ id: process.pid, started: expect.stringMatching(/^\d+$/) });
    expect(await lifeOf(self, self)).toBe("runs");
    expect(await lifeOf({ ...self, started: "1" }, self)).toBe("ended");
    expect(await lifeOf({ ...self, id: DEAD }, self)).toBe("ended");
  });

  it("has ended where nobody has asked for its end yet", async () => {
    const self = await thisProcess();
    // The child of a shell that became a program which waits for nobody.
    const parent = spawn("sh", ["-c", "exec 3<&0; cat <&3 & echo $!; exec tail -f /dev/null"]);
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const id = Number(line.toString());
    const stat = () => readFileSync(`/proc/${id}/stat`, "utf8");
    await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, "utf8").trim()).toBe("tail");
    parent.stdin.end();
    await expect.poll(() => / Z /.test(stat())).toBe(true);
    const started =
      stat()
        .slice(stat().lastIndexOf(")") + 2)
        .split(" ")[19] ?? "";
    expect(await lifeOf({ ...self, id, started }, self)).toBe("ended");
    parent.kill("SIGKILL");
  });
});

describe("a process that cannot be seen from here", () => {
  it.each([
    ["of another container on this machine", { space: "pid:[4026532000] time:[1]" }, "unknown"],
    ["with another clock in it", { space: "pid:[4026531836] time:[2]" }, "unknown"],
    ["of another machine", { boot: "c", host: "other" }, "unknown"],
    ["of this machine before it was started again", { boot: "c" }, "ended"],
    ["of another machine without /proc", { boot: null, started: null, space: null, host: "other" }, "unknown"],
    ["of this machine without /proc", { boot: null, started: null, space: null }, "ended"],
    ["of the first version", { boot: null, started: null, space: null, host: null }, "ended"],
  ])("%s: %j is %s", async (_, owner, life) => {
    expect(await lifeOf({ ...other, ...owner }, here)).toBe(life);
  });

  it("in a container of the same name, before the machine was started again, may be another one's", async () => {
    const space = "pid:[4026532000] time:[1]";
    expect(await lifeOf({ ...other, space, boot: "c" }, { ...here, space })).toBe("unknown");
  });
});
