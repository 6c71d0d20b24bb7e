import { knownOf, knownWheels, takeKnown } from "../../../../plugins/pip/resolve/known.ts";
import type { Python } from "../../../../plugins/pip/python/run.ts";
import { describe, expect, it } from "vitest";

const said = { requires: [], extras: [], python: [], is: [["six"], ["1.0"]] };
const SIX = {
  version: "1.0",
  filename: "six-1.0-py3-none-any.whl",
  url: "https://files.example/six-1.0-py3-none-any.whl",
  sha256: "a".repeat(64),
  provenance: null,
  page: "https://i.example/simple/six/",
  said,
};

function pythonWith(kept: string | null, taken: boolean) {
  const cache = { get: async () => (kept === null ? null : Buffer.from(kept)) };
  const store = { take: async () => (taken ? { hex: {}, few: null } : null) };
  return { folder: "/nowhere", host: { cache, store } } as unknown as Python;
}
const origins = new Set(["https://i.example"]);
const read = (kept: string | null) => knownWheels("/venv", origins, pythonWith(kept, true));

describe("what an earlier run has installed", () => {
  it("is known by name", async () => expect([...(await read(JSON.stringify({ six: SIX })))]).toEqual([["six", SIX]]));

  it.each([
    ["there is nothing", null],
    ["it is no JSON", "{"],
    ["it has another form", JSON.stringify({ six: { ...SIX, path: "/x" } })],
    ["it names bytes otherwise", JSON.stringify({ six: { ...SIX, sha256: "A" } })],
    ["its page lies elsewhere", JSON.stringify({ six: { ...SIX, page: "https://other.example/simple/six/" } })],
    ["its provenance lies elsewhere", JSON.stringify({ six: { ...SIX, provenance: "https://other.example/p" } })],
  ])("is not known where %s", async (_, kept) => expect((await read(kept)).size).toBe(0));

  const known = new Map([["six", SIX]]);
  const present = { name: "six", version: "1.0", said };

  it("is taken from the store, with the page that lists it", async () => {
    const found = await takeKnown([present], known, pythonWith(null, true));
    expect(found?.chosen.map(({ filename, listedOn }) => [filename, listedOn])).toEqual([[SIX.filename, SIX.page]]);
    expect(found?.pages[0]?.files[0]?.hashes).toEqual({ sha256: SIX.sha256 });
  });

  it("is asked for anew where the bytes are gone, or the environment says otherwise of itself", async () => {
    expect(await takeKnown([present], known, pythonWith(null, false))).toBeNull();
    const other = { ...present, said: { ...said, requires: ["leaf"] } };
    expect(await takeKnown([other], known, pythonWith(null, true))).toBeNull();
  });

  it("is remembered only as far as a page lists it", () => {
    const chosen = { package: { name: "six", version: "1.0" }, filename: SIX.filename, url: SIX.url } as never;
    const page = { url: SIX.page, files: [{ filename: SIX.filename, url: SIX.url, hashes: {}, provenance: null }] };
    expect([
      ...knownOf(
        [chosen],
        [page],
        () => SIX.sha256,
        () => said,
      ),
    ]).toEqual([["six", SIX]]);
    expect(
      knownOf(
        [chosen],
        [],
        () => SIX.sha256,
        () => said,
      ).size,
    ).toBe(0);
  });
});
