import { CAN_GUIDE, createGuide } from "../../src/io/guide.ts";
import { repositoryRoot } from "../support/root.ts";
import { temporaryFolder } from "../support/folder.ts";
import { execa } from "execa";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

describe.skipIf(!CAN_GUIDE)("a program that asks before each step", () => {
  const program = (script: string) => ({ file: "/bin/sh", args: ["-c", script], cwd: temporaryFolder(), env: {} });
  const ASK = "echo next >&3 && read -r told <&3";
  const begin = (script: string) => {
    const ends = new AbortController();
    const guide = createGuide(ends.signal);
    return { guide, ends, started: guide.start(program(script)) };
  };

  it("is told one word for each question; then it ends as it wants", async () => {
    const { started } = begin(`${ASK}; first=$told; ${ASK}; exit "$first$told"`);
    expect(await started.asks()).toBe(true);
    started.tell("4");
    expect(await started.asks()).toBe(true);
    started.tell("2");
    expect(await started.asks()).toBe(false);
    expect(await started.ended).toBe(42);
  });

  it("does not wait for an answer that nobody gives: with us its question ends", async () => {
    const { guide, started } = begin(`${ASK} && exit 7; exit 8`);
    expect(await started.asks()).toBe(true);
    await guide.close();
    expect(await started.ended).toBe(8);
  });

  it("is ended where the run is", async () => {
    const { ends, started } = begin(`${ASK}; exit 8`);
    await started.asks();
    ends.abort();
    expect(await started.ended).toBe(128 + 15);
  });

  it("that cannot be started asks nothing", async () => {
    const guide = createGuide(new AbortController().signal);
    const started = guide.start({ ...program(""), file: "/nowhere/dotnet" });
    expect(await started.asks()).toBe(false);
    expect(await started.ended).toBe(127);
  });

  it.each([
    ["what follows the line that was named", "echo one; echo from here; echo two", "two"],
    ["all of it, where it fails before", "echo one; exit 3", "one"],
    ["nothing, where it stops before", "echo one", ""],
  ])("of its output is shown: %s", async (_, script, shown) => {
    const here = temporaryFolder();
    const code = `
      import { createGuide } from ${JSON.stringify(join(repositoryRoot(), ".build/src/io/guide.js"))};
      const command = ${JSON.stringify({ ...program(script), cwd: here })};
      const started = createGuide(new AbortController().signal).start(command);
      started.show("from here");
      await started.ended;`;
    const { stdout } = await execa(process.execPath, ["--input-type=module", "-e", code]);
    expect(stdout).toBe(shown);
  });
});
