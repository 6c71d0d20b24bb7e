import { readArchive, unpackedPath } from "../../../../plugins/npm/bytes/archive.ts";
import { makeTar, type TarEntry } from "../../../support/tarball.ts";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

test.each([
  ["package/package.json", "package.json"],
  ["package/a/package.json", "a/package.json"],
  ["package\\package.json", "package.json"],
  ["/package/package.json", "package/package.json"],
  ["package/package.json. ", "package.json"],
  ["package.json", ""],
])("%s lands at %s", (path, place) => expect(unpackedPath(path)).toBe(place));

const GOOD = { path: "package/package.json", content: '{"name":"a","version":"1.0.0"}' };
const EMPTY = { path: "package/f" };

/** A pax header (POSIX.1-2001) with one record, before an empty file. */
function described(name: string, value: string): readonly TarEntry[] {
  const rest = ` ${name}=${value}\n`;
  const length = [1, 2, 3, 4, 5, 6, 7].map((digits) => rest.length + digits).find((n) => `${n}${rest}`.length === n);
  return [{ path: "PaxHeader", type: "x", content: `${length}${rest}` }, EMPTY];
}

/** So often that the packed archive is a thousandth of what it describes. */
function repeated(entries: readonly TarEntry[], times: number): Buffer {
  const [start, part] = [makeTar([GOOD]).subarray(0, -1024), makeTar(entries).subarray(0, -1024)];
  return gzipSync(Buffer.concat([start, ...Array.from({ length: times }, () => part), Buffer.alloc(1024)]));
}

describe("what an archive describes is bounded", () => {
  test.each<[string, readonly TarEntry[], number, string]>([
    ["a path", described("path", `package/${"a/".repeat(2100)}`), 1, "path is longer than 4096 characters"],
    [
      "a link's target",
      [...described("linkpath", "a/".repeat(2100)).slice(0, 1), { ...EMPTY, type: "2", linkpath: "x" }],
      1,
      "4096",
    ],
    ["headers in sum", described("comment", "a".repeat(1_000_000)), 70, "described in more than 64000000 bytes"],
    ["members", [EMPTY], 250_001, "more than 250000 members"],
  ])("%s", async (_, entries, times, message) => {
    await expect(readArchive(repeated(entries, times))).rejects.toMatchObject({
      denial: { code: "ARCHIVE_INVALID", message: expect.stringContaining(message) as string },
    });
  });

  test("the first package.json is held, of two: a small archive can hold gigabytes of them", async () => {
    const { manifests } = await readArchive(repeated([GOOD], 3));
    expect(manifests.map(({ length }) => length)).toEqual([GOOD.content.length, 0, 0, 0]);
  });

  test("what real archives have is below", async () => {
    const long = described("path", `package/${"folder/".repeat(570)}f`);
    expect((await readArchive(repeated(long, 100))).manifests.length).toBe(1);
    expect((await readArchive(repeated([EMPTY], 20_000))).manifests.length).toBe(1);
  });
});
