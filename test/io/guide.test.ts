import { CAN_GUIDE, createGuide } from "../../src/io/guide.ts";
import { temporaryFolder } from "../support/folder.ts";
import { describe, expect, it, vi } from "vitest";

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
    expect(await outputs(script, 1)).toEqual({ stdout: shown, stderr: "" });
  });

  it("shows it beside where standard output belongs to a report", async () => {
    expect(await outputs("echo from here; echo two", 2)).toEqual({ stdout: "", stderr: "two" });
    expect(await outputs("echo one; exit 3", 2)).toEqual({ stdout: "", stderr: "one" });
  });

  async function outputs(script: string, output: 1 | 2): Promise<{ stdout: string; stderr: string }> {
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      vi.spyOn(process[name], "write").mockImplementation((text) => {
        said[name] += String(text).trimEnd();
        return true;
      });
    const started = createGuide(new AbortController().signal, output).start(program(script));
    started.show("from here");
    await started.ended;
    vi.restoreAllMocks();
    return said;
  }
});
