import {
  askPage,
  type ConfiguredIndexes,
  configuredWithoutPip,
  fetchTo,
  locate,
  openIndexes,
  refuseForeign,
  withFileNames,
} from "../../../../plugins/pip/lock/indexes.ts";
import { EMPTY, type LockedFile } from "../../../../plugins/pip/lock/locked.ts";
import { digestOf, type Host, LIMITS, SourceUnavailable } from "../../../../src/plugin.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it, test } from "vitest";

const HEX = "a".repeat(64);
const WHEEL = "widget-1.0-py3-none-any.whl";
const digests = [digestOf("sha256", HEX)].filter((one) => one !== null);
const FILE: LockedFile = { name: "Widget", version: "1.0", filename: null, url: null, digests, index: null };

type Answers = Readonly<Record<string, string | number>>;
const page = (...files: readonly object[]) => JSON.stringify({ files });
const listed = (url: string, sha256 = HEX) => ({ url, hashes: { sha256 } });

/** Indexes that answer so; what is not named is not there. */
function open(answers: Answers, options: Partial<ConfiguredIndexes> = {}, registries: readonly string[] = []) {
  const asked: { readonly url: string; readonly maxBytes: number; readonly accept: string }[] = [];
  const host = {
    offline: false,
    fetch: (url: string, { maxBytes, accept }: { maxBytes: number; accept: string }) => {
      asked.push({ url, maxBytes, accept });
      const answer = answers[url] ?? 404;
      if (answer === 0) return Promise.reject(new SourceUnavailable(url, "ECONNRESET"));
      const [status, body] = typeof answer === "number" ? [answer, ""] : [200, answer];
      return Promise.resolve({ status, body: Buffer.from(body) });
    },
  } as unknown as Host;
  const python = { file: null, cwd: "/", project: "/", folder: temporaryFolder(), host };
  const all = { index_url: "https://i.example/simple", extra_index_urls: [], no_index: false, ...options };
  const indexes = openIndexes(all, { repositoryRoot: "/", registries }, python);
  return { indexes, python: python as never, asked, urls: () => asked.map(({ url }) => url) };
}

describe("the indexes of a configuration that pip is not asked for", () => {
  it.each<[Readonly<Record<string, string>>, ConfiguredIndexes]>([
    [{}, { index_url: "https://pypi.org/simple", extra_index_urls: [], no_index: false }],
    [{ PIP_INDEX_URL: "" }, { index_url: "https://pypi.org/simple", extra_index_urls: [], no_index: false }],
    [
      { PIP_INDEX_URL: "https://i.example", PIP_EXTRA_INDEX_URL: " https://a \n https://b ", PIP_NO_INDEX: "1" },
      { index_url: "https://i.example", extra_index_urls: ["https://a", "https://b"], no_index: true },
    ],
  ])("%j", (env, expected) => expect(configuredWithoutPip(env)).toEqual(expected));

  test.each(["0", "false", "no", "OFF", ""])("PIP_NO_INDEX=%s is no", (value) => {
    expect(configuredWithoutPip({ PIP_NO_INDEX: value }).no_index).toBe(false);
  });
  test.each(["1", "true", "Yes", "on"])("PIP_NO_INDEX=%s is yes", (value) => {
    expect(configuredWithoutPip({ PIP_NO_INDEX: value }).no_index).toBe(true);
  });
});

describe("which indexes may be asked", () => {
  it("those of the configuration, without what is secret of them, and those of the policy", () => {
    const { indexes } = open(
      {},
      { index_url: "https://user:secret@i.example/simple", extra_index_urls: ["nonsense", "https://x.example/s"] },
      ["https://p.example/deep"],
    );
    expect(indexes.configured).toEqual(["https://i.example/simple", "https://x.example/s"]);
    expect([...indexes.admitted]).toEqual(["https://i.example", "https://x.example", "https://p.example"]);
    expect([...indexes.places.origins]).toEqual(["https://i.example", "https://x.example"]);
    expect(indexes.places.session).toBeNull();
  });

  it("none of the configuration where it says so", () => {
    const { indexes } = open({}, { no_index: true }, ["https://p.example"]);
    expect(indexes.configured).toEqual([]);
    expect([...indexes.admitted]).toEqual(["https://p.example"]);
  });

  it("each project's page once, at every index of the configuration, or at the one that the lock names", async () => {
    const extra = { extra_index_urls: ["https://x.example/s///"] };
    const { indexes, urls } = open({ "https://x.example/s/widget/": page(listed("w.whl")) }, extra);
    const found = await indexes.pages("widget", null);
    expect(found).toEqual([
      { url: "https://x.example/s/widget/", files: [expect.objectContaining({ filename: "w.whl" }) as unknown] },
    ]);
    await indexes.pages("widget", null);
    await indexes.pages("widget", "https://user:secret@x.example/s/");
    expect(urls()).toEqual(["https://i.example/simple/widget/", "https://x.example/s/widget/"]);
  });
});

describe("a page", () => {
  const ask = (answer: string | number) => {
    const { indexes, asked } = open({ "https://i.example/p/": answer });
    return { found: askPage("https://i.example/p/", indexes.places), asked };
  };

  it("is read as JSON where it is some, else as HTML", async () => {
    for (const text of [`\n ${page(listed(WHEEL))}`, `<a href="${WHEEL}#sha256=${HEX}">x</a>`])
      expect((await ask(text).found)?.files).toEqual([
        { filename: WHEEL, url: `https://i.example/p/${WHEEL}`, hashes: { sha256: HEX }, provenance: null },
      ]);
  });

  it("is none, or was not to be had", async () => {
    expect(await ask(404).found).toBeNull();
    for (const status of [201, 403, 500])
      await expect(ask(status).found).rejects.toMatchObject({
        reason: expect.stringContaining(String(status)) as string,
      });
  });

  it("may be as large as the largest real ones", async () => {
    const { found, asked } = ask(404);
    await found;
    expect(asked[0]?.maxBytes).toBe(100_000_000);
    expect(asked[0]?.accept).toContain("application/vnd.pypi.simple.v1+json");
  });
});

describe("an index that a lock names", () => {
  const refuse = (index: string | null) => {
    const { indexes } = open({}, {}, ["https://p.example"]);
    return refuseForeign({ ...EMPTY, files: [{ ...FILE, index }], unbound: [] }, indexes);
  };

  it.each([null, "https://i.example/other", "https://p.example/simple"])("may be %s", (index) => {
    expect(refuse(index)).toMatchObject({ files: [{ index }], unbound: [] });
  });

  it("may be no other one, and what is said of it has no secret", () => {
    const { files, unbound } = refuse("https://user:secret@evil.example/simple");
    expect(files).toEqual([]);
    expect(unbound).toMatchObject([
      {
        package: { name: "widget", version: "1.0" },
        location: "Widget",
        denial: {
          code: "FOREIGN_REGISTRY",
          details: [{ name: "index", expected: "https://i.example/simple", found: "https://evil.example/simple" }],
          hint: expect.stringContaining('{"pypi": ["https://evil.example/simple"]}') as string,
        },
      },
    ]);
    const [odd] = refuse("nonsense").unbound;
    expect(odd?.denial).toMatchObject({ code: "FOREIGN_REGISTRY", details: [{ found: "" }] });
    expect(odd?.denial).not.toHaveProperty("hint");
    const { indexes } = open({});
    const named = refuseForeign({ ...EMPTY, files: [{ ...FILE, index: "x", filename: WHEEL }] }, indexes);
    expect(named.unbound[0]?.location).toBe(WHEEL);
  });
});

describe("where a lock knows only hashes", () => {
  const named = async (files: readonly object[], lock: readonly LockedFile[] = [FILE]) =>
    withFileNames({ ...EMPTY, files: lock }, open({ "https://i.example/simple/widget/": page(...files) }).indexes);

  it("the index says which files they are", async () => {
    const { files } = await named([listed("other-1.0-py3-none-any.whl"), listed(WHEEL, HEX.toUpperCase())]);
    expect(files).toMatchObject([{ filename: WHEEL, url: `https://i.example/simple/widget/${WHEEL}` }]);
  });

  it.each([
    ["the index does not list its hash", [listed(WHEEL, "b".repeat(64))]],
    ["the index lists it under another release", [listed("widget-1.1-py3-none-any.whl")]],
    ["the index lists nothing", []],
  ])("it is judged by its digest alone where %s", async (_, files) => {
    expect((await named(files)).files).toEqual([FILE]);
  });

  it("a release that there is only as source is denied; beside a wheel it is not", async () => {
    const source = { ...listed("widget-1.0.tar.gz", "b".repeat(64)) };
    const other = { ...FILE, digests: [digestOf("sha256", "b".repeat(64))].filter((one) => one !== null) };
    expect((await named([source], [other])).unbound).toMatchObject([{ denial: { code: "SOURCE_DISTRIBUTION" } }]);
    const both = await named([source, listed(WHEEL)], [FILE, other]);
    expect(both.unbound).toEqual([]);
    expect(both.files.map(({ filename }) => filename)).toEqual([WHEEL, "widget-1.0.tar.gz"]);
  });

  it("files that have a name keep it, and come first", async () => {
    const known = { ...FILE, name: "other", filename: "other-1.0-py3-none-any.whl" };
    const { files } = await named([listed(WHEEL)], [FILE, known]);
    expect(files.map(({ filename }) => filename)).toEqual([known.filename, WHEEL]);
  });

  it("an index that does not answer is named", async () => {
    const { indexes } = open({ "https://i.example/simple/widget/": 0 });
    await expect(withFileNames({ ...EMPTY, files: [FILE] }, indexes)).rejects.toMatchObject({
      kind: "unavailable",
      code: "INDEX_UNAVAILABLE",
      message: expect.stringMatching(/i\.example.*: .+/) as string,
      hint: expect.stringContaining("knows only hashes") as string,
    });
  });
});

describe("the address of a file", () => {
  it("is the lock's, else the one that an index states for that name", async () => {
    const { indexes, urls } = open({ "https://i.example/simple/widget/": page(listed(`f/${WHEEL}`)) });
    const own = { ...FILE, filename: WHEEL, url: "https://own.example/x" };
    expect(await locate(own, indexes)).toBe(own);
    expect(await locate(FILE, indexes)).toBe(FILE);
    expect(urls()).toEqual([]);
    const nameless = { ...FILE, filename: WHEEL };
    expect(await locate(nameless, indexes)).toEqual({ ...nameless, url: `https://i.example/simple/widget/f/${WHEEL}` });
    const unknown = { ...FILE, filename: "widget-1.0-cp311-none-any.whl" };
    expect(await locate(unknown, indexes)).toBe(unknown);
  });
});

describe("a file is fetched", () => {
  const url = `https://i.example/${WHEEL}`;
  it("into a private file under no name of others", async () => {
    const { indexes, python, asked } = open({ [url]: "bytes" });
    const fetched = await fetchTo(url, python, indexes.places);
    if (!("file" in fetched)) throw new TypeError("not fetched");
    expect(readFileSync(fetched.file, "utf8")).toBe("bytes");
    expect(fetched.file).toMatch(/\/[0-9a-f]{64}\.bytes$/);
    expect(dirname(fetched.file)).toBe((python as { folder: string }).folder);
    if (process.platform !== "win32") expect(statSync(fetched.file).mode & 0o777).toBe(0o600);
    expect(asked[0]).toMatchObject({ maxBytes: LIMITS.artifactBytes, accept: "*/*" });
  });

  it("or says why not", async () => {
    const { indexes, python } = open({ [`${url}3`]: 500, [`${url}0`]: 0 });
    const why = (place: string | null) => fetchTo(place, python, indexes.places);
    expect(await why(null)).toEqual({ failure: "no index lists it", tooLarge: false });
    expect(await why(`${url}3`)).toEqual({ failure: "answered 500", tooLarge: false });
    expect(await why(`${url}0`)).toMatchObject({
      failure: expect.stringContaining("ECONNRESET") as string,
      tooLarge: false,
    });
  });
});
