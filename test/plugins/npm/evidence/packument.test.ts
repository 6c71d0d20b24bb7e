import { retryOf } from "../../../../plugins/npm/evidence/index.ts";
import { describePackage, readPackument, readSignature, soughtOf } from "../../../../plugins/npm/evidence/packument.ts";
import type { FlatOptions } from "../../../../plugins/npm/config.ts";
import { registriesOf } from "../../../../plugins/npm/origin.ts";
import type { Artifact, Host } from "../../../../src/plugin.ts";
import { LIMITS } from "../../../../src/plugin.ts";
import { describe, expect, it, test } from "vitest";

const SIGNATURE = { keyid: "SHA256:a", sig: "AAAA" };
const DIST = { integrity: "sha512-x", signatures: [SIGNATURE] };
const WHOLE = {
  name: "w",
  versions: { "1.0.0": { name: "w", version: "1.0.0", dist: DIST } },
  time: { "1.0.0": "2025-06-01T00:00:00.000Z" },
};
const FOUND = {
  name: "w",
  version: "1.0.0",
  integrity: "sha512-x",
  signatures: [SIGNATURE],
  published: "2025-06-01T00:00:00.000Z",
};

const read = (packument: unknown, ...versions: readonly string[]) =>
  readPackument({ end: () => (typeof packument === "string" ? packument : JSON.stringify(packument)) }, "w", versions);

const saying = (part: object) => ({ ...WHOLE, versions: { "1.0.0": { ...WHOLE.versions["1.0.0"], ...part } } });

describe("what a packument says of versions", () => {
  it("is their signatures, with when they were published", () => {
    expect(read(WHOLE, "1.0.0", "2.0.0")).toEqual(new Map([["1.0.0", FOUND]]));
    expect(read({ ...WHOLE, time: undefined }, "1.0.0")).toEqual(new Map([["1.0.0", { ...FOUND, published: null }]]));
  });

  it.each([
    ["no such version", WHOLE, "toString"],
    ["no integrity", saying({ dist: { signatures: [SIGNATURE] } }), "1.0.0"],
    ["no signatures", saying({ dist: { integrity: "sha512-x" } }), "1.0.0"],
    ["an empty list of them", saying({ dist: { ...DIST, signatures: [] } }), "1.0.0"],
    ["nothing of its archive", saying({ dist: undefined }), "1.0.0"],
  ])("is none: %s", (_, packument, version) => expect(read(packument, version)).toEqual(new Map()));

  it.each<[string, unknown]>([
    ["the packument is not an object", []],
    ["the packument is not an object", null],
    ['"versions" is not an object', { name: "w" }],
    ['"time" is not an object', { ...WHOLE, time: 7 }],
    ['a packument of "v"', { ...WHOLE, name: "v" }],
    ["a version is not an object", { ...WHOLE, versions: { "1.0.0": 7 } }],
    ['"dist" is not an object', saying({ dist: [] })],
    ['"signatures" is not a list', saying({ dist: { ...DIST, signatures: {} } })],
    ["more than 16 signatures", saying({ dist: { ...DIST, signatures: Array.from({ length: 17 }, () => SIGNATURE) } })],
    ["a signature is not an object", saying({ dist: { ...DIST, signatures: ["x"] } })],
    ['"keyid" is not a text', saying({ dist: { ...DIST, signatures: [{ sig: "x" }] } })],
    ['"sig" is not a text', saying({ dist: { ...DIST, signatures: [{ keyid: "x" }] } })],
    ['"name" is not a text', saying({ name: 7 })],
    ['"version" is not a text', saying({ version: 7 })],
    ['"integrity" is not a text', saying({ dist: { ...DIST, integrity: 7 } })],
    ['"time" is not a text', { ...WHOLE, time: { "1.0.0": 7 } }],
  ])("is malformed: %s", (malformed, packument) => expect(read(packument, "1.0.0")).toEqual({ malformed }));

  it("is malformed where it is no JSON, and as many signatures as may be are read", () => {
    expect(read("{", "1.0.0")).toMatchObject({ malformed: expect.any(String) as string });
    const signatures = Array.from({ length: 16 }, () => SIGNATURE);
    expect(read(saying({ dist: { ...DIST, signatures } }), "1.0.0")).toEqual(
      new Map([["1.0.0", { ...FOUND, signatures }]]),
    );
  });

  it("what cannot be read for another reason is told of", () => {
    const end = () => {
      throw new RangeError("too long");
    };
    expect(() => readPackument({ end }, "w", [])).toThrow("too long");
  });
});

describe("one that was read before", () => {
  const kept = { name: "w", version: "1.0.0", integrity: "sha512-x", signatures: [SIGNATURE] };
  it("is what it was", () => {
    expect(readSignature(JSON.stringify({ ...kept, published: FOUND.published }))).toEqual(FOUND);
    expect(readSignature(JSON.stringify({ ...kept, published: null }))).toEqual({ ...FOUND, published: null });
  });

  it.each(["{", "7", "[]", JSON.stringify({ ...kept, name: 7 }), JSON.stringify({ ...kept, signatures: [] })])(
    "%s is none",
    (text) => expect(readSignature(text)).toBeNull(),
  );
});

test("no more is sought of a packument than is read", () => {
  const sought = soughtOf(["1.0.0"]) as ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  expect([...sought.keys()]).toEqual(["name", "versions", "time"]);
  expect([...(sought.get("versions")?.keys() ?? []), ...(sought.get("time")?.keys() ?? [])]).toEqual([
    "1.0.0",
    "1.0.0",
  ]);
});

describe("what a version says of its repository", () => {
  const artifact = {
    package: { ecosystem: "npm", name: "@acme/w", version: "1.0.0+b", purl: "" },
  } as unknown as Artifact;
  const ask = async (answer: unknown, offline = false) => {
    const asked: string[] = [];
    const flat = { registry: "https://npm.example/", omit: [], cache: "" } as FlatOptions;
    const host = {
      env: {},
      offline,
      request: (url: string) => (
        asked.push(url),
        Promise.resolve({ status: answer === null ? 404 : 200, body: Buffer.from(JSON.stringify(answer)) })
      ),
    } as unknown as Host;
    const { repository } = await describePackage(artifact, registriesOf(flat, "never", []), host);
    return { repository, asked };
  };

  it.each([
    [{ repository: { type: "git", url: "git+https://h.example/w.git" } }, "git+https://h.example/w.git"],
    [{ repository: "acme/w" }, "acme/w"],
    [{ repository: { url: 7 } }, null],
    [{ repository: { type: "git" } }, null],
    [{ repository: null }, null],
    [{}, null],
    [7, null],
    [null, null],
  ])("%j: %s", async (answer, repository) => {
    expect(await ask(answer)).toEqual({ repository, asked: ["https://npm.example/@acme%2fw/1.0.0%2Bb"] });
  });

  it("is not asked for without the network", async () => {
    expect(await ask({ repository: "acme/w" }, true)).toEqual({ repository: null, asked: [] });
  });
});

test("evidence is asked for again sooner than npm would, and no more often", () => {
  const retry = (flat: object) => retryOf({ flat } as unknown as Parameters<typeof retryOf>[0]);
  const rest = { factor: 3, minTimeout: 500, maxTimeout: 5000 };
  expect(retry({})).toEqual({ retries: LIMITS.httpRetries, ...rest });
  expect(retry({ retry: { retries: 0, factor: 10 } })).toEqual({ retries: 0, ...rest });
  expect(retry({ retry: { retries: 99 } })).toEqual({ retries: LIMITS.httpRetries, ...rest });
});
