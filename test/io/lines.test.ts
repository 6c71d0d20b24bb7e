import { linesOf } from "../../src/io/lines.ts";
import { LIMITS } from "../../src/limits.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

async function read(content: string | Buffer, last?: number): Promise<readonly string[]> {
  const path = join(temporaryFolder(), "lines");
  writeFileSync(path, content);
  return all(path, last);
}

async function all(path: string, last?: number): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(path, last)) lines.push(line);
  return lines;
}

describe("lines", () => {
  it.each([
    ["", []],
    ["a\nb\n", ["a", "b"]],
    ["a\n\nb", ["a", "", "b"]],
    ["é\u{1f600}\n", ["é\u{1f600}"]],
  ])("%j", async (text, lines) => expect(await read(text)).toEqual(lines));

  it("one that stands over several pieces of the file is one, and so are its characters", async () => {
    const long = "ä".repeat(150_000);
    expect(await read(`${long}\nb\n${long}`)).toEqual([long, "b", long]);
  });

  it.each([
    [4, ["c"]],
    [3, ["c"]],
    [2, []],
    [6, ["b", "c"]],
    [100, ["aa", "b", "c"]],
  ])("the last %i bytes: none that began before", async (last, lines) =>
    expect(await read("aa\nb\nc\n", last)).toEqual(lines),
  );

  it("nothing where there is no file; no folder is a file", async () => {
    expect(await all(join(temporaryFolder(), "none"))).toEqual([]);
    await expect(all(temporaryFolder())).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  });

  it("a line beyond the bound is refused", async () => {
    const content = Buffer.alloc(LIMITS.logLineBytes + 70_000, "a");
    await expect(read(content)).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
  });
});
