import {
  describe as reasonOf,
  download,
  getArchive,
  tarballUrl,
  unavailable,
} from "../../../../plugins/npm/bytes/download.ts";
import type { FlatOptions } from "../../../../plugins/npm/config.ts";
import { registriesOf } from "../../../../plugins/npm/origin.ts";
import type { Locked } from "../../../../plugins/npm/resolve/places.ts";
import { ArtifactError, type Host, SourceUnavailable } from "../../../../src/plugin.ts";
import { filled } from "../../../support/filled.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";

const GUESS = "https://npm.example/widget/-/widget-1.0.0.tgz";
const PACKUMENT = "https://npm.example/widget";
const flat = { registry: "https://npm.example/", omit: [], cache: "" } as FlatOptions;
const registries = registriesOf(flat, "never", ["https://cdn.example"]);

/** A network that answers so; anything else is not there. */
function network(answers: Readonly<Record<string, number | string>>, offline = false) {
  const asked: string[] = [];
  type Asked = Parameters<Host["request"]>[1];
  const host = {
    env: {},
    offline,
    request: (url: string, { receive }: Asked) => {
      asked.push(url);
      const answer = answers[url] ?? 404;
      if (typeof answer === "number") return Promise.resolve({ status: answer, body: Buffer.alloc(0) });
      receive?.()(Buffer.from(answer));
      return Promise.resolve({ status: 200, body: Buffer.from(answer) });
    },
  } as unknown as Host;
  return { host, asked };
}
const packument = (tarball: unknown) =>
  JSON.stringify({ name: "widget", versions: { "1.0.0": { dist: { tarball } } } });

async function fetch(answers: Parameters<typeof network>[0], part: Partial<Locked> = {}, offline = false) {
  const { host, asked } = network(answers, offline);
  const chunks: Buffer[] = [];
  const failed = await download(
    { ...filled("widget@1.0.0").locked, ...part },
    registries,
    host,
    () => (chunk) => chunks.push(chunk),
  ).then(
    () => null,
    (error: unknown) => error,
  );
  const denial = failed instanceof ArtifactError ? failed.denial : failed;
  return { text: Buffer.concat(chunks).toString(), denial, asked };
}

describe("a tarball whose place the lock does not name", () => {
  it("lies mostly where registries put it", async () => {
    expect(await fetch({ [GUESS]: "bytes" })).toEqual({ text: "bytes", denial: null, asked: [GUESS] });
  });

  it("else where the packument says", async () => {
    const other = "https://cdn.example/w.tgz";
    const found = await fetch({ [PACKUMENT]: packument(other), [other]: "bytes" });
    expect(found).toEqual({ text: "bytes", denial: null, asked: [GUESS, PACKUMENT, other] });
  });

  it("not at an origin that nobody has named", async () => {
    const { denial } = await fetch({ [PACKUMENT]: packument("https://evil.example/w.tgz") });
    expect(denial).toMatchObject({
      code: "FOREIGN_REGISTRY",
      location: PACKUMENT,
      details: [{ name: "origin", expected: "https://npm.example", found: "https://evil.example" }],
      hint: expect.stringContaining('["https://evil.example"]') as string,
    });
  });

  it("is nowhere where the packument has nothing else to say, or the network is not there", async () => {
    for (const answer of [packument(GUESS), packument(7), '{"versions":{}}', "{}"])
      expect((await fetch({ [PACKUMENT]: answer })).denial).toMatchObject({ code: "ARTIFACT_UNAVAILABLE" });
    const { asked, denial } = await fetch({ [PACKUMENT]: packument("https://cdn.example/w.tgz") }, {}, true);
    expect(denial).toMatchObject({ code: "ARTIFACT_UNAVAILABLE" });
    expect(asked).not.toContain(PACKUMENT);
  });
});

describe("a tarball whose place the lock names", () => {
  const at = (resolved: string) => filled("widget@1.0.0", { places: [{ resolved: null }, { resolved }] }).locked;

  it("is fetched from there, and from nowhere else", async () => {
    const place = "https://npm.example/other/w.tgz";
    expect(await fetch({ [place]: "bytes" }, at(place))).toMatchObject({ text: "bytes", asked: [place] });
    const { asked, denial } = await fetch({ [GUESS]: "bytes" }, at(place));
    expect(asked).toEqual([place]);
    expect(denial).toMatchObject({ code: "ARTIFACT_UNAVAILABLE", location: place });
  });

  it("is known without asking anybody", () => {
    expect(tarballUrl(filled("widget@1.0.0").locked, registries)).toBe(GUESS);
    expect(tarballUrl(at("https://npm.example/other/w.tgz"), registries)).toBe("https://npm.example/other/w.tgz");
    expect(tarballUrl(at("https://evil.example/w.tgz"), registries)).toBeNull();
  });
});

describe("an archive that comes from no registry", () => {
  it("lies at its address, or in a file", async () => {
    const url = "https://h.example/w.tgz";
    expect(await fetch({ [url]: "bytes" }, { archive: { place: { url }, file: null } })).toMatchObject({
      text: "bytes",
      asked: [url],
    });
    const file = join(temporaryFolder(), "w.tgz");
    writeFileSync(file, "on disk");
    expect(await fetch({}, { archive: { place: { path: "w.tgz" }, file } })).toEqual({
      text: "on disk",
      denial: null,
      asked: [],
    });
    const gone = getArchive(
      { place: { path: "w.tgz" }, file: `${file}.gone` },
      registries,
      network({}).host,
      () => () => {},
    );
    await expect(gone).rejects.toMatchObject({
      denial: { code: "ARTIFACT_UNAVAILABLE", message: expect.stringContaining("ENOENT") as string },
    });
  });
});

test.each([
  [new SourceUnavailable("https://x", "ECONNREFUSED"), "ECONNREFUSED"],
  [Object.assign(new Error("secret"), { statusCode: 503 }), "answered 503"],
  [Object.assign(new Error("secret"), { name: "TimeoutError" }), "timed out"],
  [Object.assign(new Error("secret"), { name: "AbortError" }), "timed out"],
  [Object.assign(new Error("secret"), { code: "EACCES" }), "EACCES"],
  [new TypeError("secret"), "TypeError"],
  [{}, "failed"],
])("why something could not be had is said without secrets (%#)", (error, reason) =>
  expect(reasonOf(error)).toBe(reason),
);

test("what is gone is told apart", () => {
  expect(unavailable("https://u:p@h.example/x", "answered 404", true).denial).toMatchObject({
    location: "https://h.example/x",
    absent: true,
  });
  expect(unavailable("https://h.example/x", "answered 500").denial).not.toHaveProperty("absent");
});
