import { obtainPackage, takeFromStore } from "../../../../plugins/dotnet/bytes/obtain.ts";
import { type Feed, nothingLearnt } from "../../../../plugins/dotnet/feed/feed.ts";
import { refOf } from "../../../../plugins/dotnet/names.ts";
import { digestOfHash } from "../../../../plugins/dotnet/resolve/lock.ts";
import type { Host } from "../../../../src/plugin.ts";
import { putInto, temporaryFolder } from "../../../support/folder.ts";
import { makePackage } from "../../../support/nuget.ts";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const REF = refOf("Acme.Widget", "1.0.0")!;
const FILE = "acme.widget.1.0.0.nupkg";
const GOOD = makePackage({ id: "Acme.Widget", version: "1.0.0" });
const OTHER = makePackage({ id: "Acme.Widget", version: "1.0.0", files: { "lib/other": "other" } });
const STATED = digestOfHash(createHash("sha512").update(GOOD).digest("base64"))!;
const hex = (bytes: Buffer) => createHash("sha512").update(bytes).digest("hex");

interface Told {
  /** What each feed holds; null: nothing. A text is a remote address. */
  readonly feeds?: readonly (Buffer | string | null)[];
  readonly quarantine?: Buffer;
  readonly globalPackages?: Buffer;
  readonly store?: Buffer;
  readonly stated?: boolean;
}

async function obtain({ feeds = [], quarantine, globalPackages, store, stated = true }: Told) {
  const folder = temporaryFolder();
  const put = (bytes: Buffer, path = FILE) => {
    const place = temporaryFolder();
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), bytes);
    return place;
  };
  const kept: unknown[] = [];
  const taken: unknown[] = [];
  const host = {
    env: {},
    fetch: () => Promise.resolve({ status: 503, body: Buffer.alloc(0) }),
    store: {
      take: (asked: unknown, to: string) => {
        taken.push(asked);
        if (store === undefined) return Promise.resolve(null);
        copyFileSync(join(put(store), FILE), to);
        return Promise.resolve({});
      },
      keep: (_: string, under: unknown) => (kept.push(under), Promise.resolve()),
    },
  } as unknown as Host;
  const nested = join("acme.widget", "1.0.0", FILE);
  const all = feeds.map((one, at): Feed => {
    const address = typeof one === "string" ? one : one === null ? temporaryFolder() : put(one);
    return { name: `feed${at}`, address, credentials: null, project: "/", learnt: nothingLearnt() };
  });
  const places = {
    folder,
    quarantine: quarantine === undefined ? null : put(quarantine, nested),
    globalPackages: globalPackages === undefined ? temporaryFolder() : put(globalPackages, nested),
    feeds: all,
    host,
  };
  const wanted = { package: REF, stated: stated ? [STATED] : [], locations: [] };
  const obtained = await obtainPackage(wanted, places);
  return { bytes: await obtained.read(), obtained, kept, taken, files: readdirSync(folder) };
}

const refused = (denial: object) => ({ name: "ArtifactError", denial });

describe("bytes come from", () => {
  it.each<[string, Told]>([
    ["the store", { store: GOOD, feeds: [OTHER] }],
    ["the user's packages folder", { globalPackages: GOOD, feeds: [OTHER] }],
    ["what dotnet fetched for this run, without a lock", { quarantine: GOOD, feeds: [OTHER], stated: false }],
    ["a feed", { feeds: [GOOD] }],
    ["the first feed that has them", { feeds: [null, GOOD, OTHER] }],
    ["the first feed without a lock", { feeds: [GOOD, OTHER], stated: false }],
    ["the first feed that has the right ones", { feeds: [OTHER, "https://down.example/index.json", GOOD] }],
    ["a feed where the store is wrong", { store: OTHER, feeds: [GOOD] }],
    ["a feed where the user's packages folder is wrong", { globalPackages: OTHER, feeds: [GOOD] }],
    [
      "a feed without a lock, whatever lies in other places",
      { store: OTHER, globalPackages: OTHER, feeds: [GOOD], stated: false },
    ],
  ])("%s", async (_, told) => {
    const { bytes, files } = await obtain(told);
    expect(bytes).toEqual(GOOD);
    expect(files).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.nupkg$/)]);
  });
});

it("what was fetched is kept under its own digest, and found by that of its content", async () => {
  const { kept, taken, obtained } = await obtain({ feeds: [GOOD] });
  expect(kept).toEqual([
    {
      digests: obtained.rawDigests,
      aliases: obtained.digests.map(({ algorithm, hex: one }) => `nuget:${algorithm}:${one}`),
    },
  ]);
  expect(taken).toEqual([{ digests: [], aliases: [`nuget:sha512:${hex(GOOD)}`] }]);
  expect((await obtain({ store: GOOD })).kept).toEqual([]);
  expect((await obtain({ feeds: [GOOD], stated: false })).taken).toEqual([]);
});

describe("nothing comes", () => {
  const gone = (message: string, more: object = {}) => ({
    code: "ARTIFACT_UNAVAILABLE",
    message: expect.stringContaining(message) as string,
    location: REF.purl,
    ...more,
  });

  it("where no feed has it, which is said of all of them", async () => {
    await expect(obtain({ feeds: [null, null] })).rejects.toMatchObject(
      refused(gone("no feed has this version: feed0, feed1;", { absent: true })),
    );
    await expect(obtain({})).rejects.toMatchObject(refused(gone("(no feed is configured for it)")));
    await expect(obtain({})).rejects.not.toMatchObject(refused({ absent: true }));
  });

  it("where a feed does not answer; bytes that contradict are the worse", async () => {
    const down = "https://down.example/index.json";
    await expect(obtain({ feeds: [null, down] })).rejects.toMatchObject(
      refused({ code: "ARTIFACT_UNAVAILABLE", message: "could not be fetched: answered 503", location: down }),
    );
    for (const feeds of [
      [down, OTHER],
      [OTHER, down],
    ])
      await expect(obtain({ feeds })).rejects.toMatchObject(refused({ code: "INTEGRITY_MISMATCH" }));
  });

  it("from what dotnet fetched where it is not there: the feeds are not asked again", async () => {
    const other = makePackage({ id: "Other", version: "1.0.0" });
    await expect(obtain({ quarantine: other, feeds: [GOOD], stated: false })).rejects.toMatchObject(
      refused({ code: "PACKAGE_MISMATCH" }),
    );
  });
});

it("without a hash nothing of the store is believed", async () => {
  const host = { store: { take: () => Promise.reject(new Error("asked")) } } as unknown as Host;
  expect(await takeFromStore({ package: REF, stated: [], locations: [] }, "/none", host)).toBeNull();
});

it("a fault of ours is no copy that does not hold", async () => {
  const folder = temporaryFolder();
  putInto(folder, "x", "");
  const host = { store: { take: () => Promise.resolve({}) } } as unknown as Host;
  const wanted = { package: REF, stated: [STATED], locations: [] };
  await expect(takeFromStore(wanted, join(folder, "none"), host)).rejects.toThrow("ENOENT");
  expect(await takeFromStore(wanted, join(folder, "x"), host)).toBeNull();
});
