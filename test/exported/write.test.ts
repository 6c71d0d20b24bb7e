import type { Index } from "../../src/exported/index.ts";
import { openPack } from "../../src/exported/pack.ts";
import { createSpool } from "../../src/exported/spool.ts";
import { writePack } from "../../src/exported/write.ts";
import type { Span } from "../../src/io/zip/span.ts";
import { LIMITS } from "../../src/limits.ts";
import { temporaryFolder } from "../support/folder.ts";
import { existsSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const hex = (at: number) => at.toString(16).padStart(64, "0");
const indexOf = (files: readonly string[]): Index => ({
  version: 1,
  tool: "",
  exported: "2026-11-30T12:00:00.000Z",
  policies: [],
  answers: [],
  kept: files.map((file) => ({ key: file, file })),
  bytes: [],
  trust: null,
});

describe("an export", () => {
  it.each([
    ["folder", { folder: "out" }],
    ["archive", { archive: "out" }],
  ])("as %s is written and read a piece at a time", async (_, to) => {
    const cwd = temporaryFolder();
    const spool = createSpool(temporaryFolder());
    const large = join(cwd, "large");
    writeFileSync(large, "x");
    truncateSync(large, 3 * LIMITS.heldBytes + 7);
    const names = [spool.take(large).name, spool.put(Buffer.from("small")), spool.put(Buffer.alloc(0))];
    const asked: number[] = [];
    const watched = (file: string): Span => {
      const content = spool.contentOf(file);
      const subarray = (from: number, until = content.length) => {
        asked.push(until - from);
        return content.subarray(from, until);
      };
      return { length: content.length, subarray };
    };
    const written = await writePack(indexOf(names), watched, to, cwd);
    expect(Math.max(...asked)).toBe(LIMITS.heldBytes);
    const pack = await openPack("out", cwd);
    expect([pack.digest, pack.size]).toEqual([written.digest, written.bytes]);
    expect((await pack.read(names[1] ?? "")).toString()).toBe("small");
    const copy = join(cwd, "copy");
    await pack.lay(names[0] ?? "", copy);
    expect(spool.take(copy).name).toBe(names[0]);
    expect(readdirSync(cwd).toSorted()).toEqual(["copy", "large", "out"]);
  });

  const nothing: Span = { length: 0, subarray: () => Buffer.alloc(0) };
  it.each<[string, readonly string[], Span]>([
    ["more files", Array.from({ length: 0xffff }, (_, at) => hex(at)), nothing],
    ["more bytes", [1, 2, 3, 4, 5].map(hex), { ...nothing, length: 900_000_000 }],
  ])("of %s than an archive holds is refused before anything is written", async (_, files, span) => {
    const cwd = temporaryFolder();
    const asked: string[] = [];
    const contentOf = () => ({ ...span, subarray: () => (asked.push("read"), Buffer.alloc(0)) });
    await expect(writePack(indexOf(files), contentOf, { archive: "out" }, cwd)).rejects.toMatchObject({
      code: "EXPORT_TOO_LARGE",
      hint: expect.stringContaining("DIR"),
    });
    expect([readdirSync(cwd), asked]).toEqual([[], []]);
  });

  it("whose draft cannot be finished leaves nothing", async () => {
    const cwd = temporaryFolder();
    const broken: Span = {
      length: 5,
      subarray: () => {
        throw new Error("gone");
      },
    };
    await expect(writePack(indexOf([hex(1)]), () => broken, { archive: "out" }, cwd)).rejects.toMatchObject({
      code: "OUTPUT_UNWRITABLE",
    });
    expect(existsSync(join(cwd, "out"))).toBe(false);
    expect(readdirSync(cwd)).toEqual([]);
  });
});
