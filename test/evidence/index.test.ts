/** One dispatcher: what every ecosystem is asked in the same way, and what is its own. */
import { askSource, type OwnSources, SHARED, type SoughtEvidence } from "../../src/evidence/index.ts";
import type { Digest, Host, Source } from "../../src/plugin.ts";
import { describe, expect, it } from "vitest";

const digest = (algorithm: Digest["algorithm"], digit: string): Digest => ({
  algorithm,
  hex: digit.repeat(algorithm === "sha256" ? 64 : 128),
});
const KNOWN = digest("sha512", "1");
const HASHED = digest("sha256", "2");

/** Files by path, answers by URL; everything else is not there. `fetched`: how often the bytes were. */
function seek(there: Readonly<Record<string, string>>, own: OwnSources = {}) {
  const [asked, fetched]: [string[], string[]] = [[], []];
  const host = {
    env: { GITHUB_API_URL: "https://github.example" },
    limits: new Map(),
    cache: { get: async () => null, put: async () => {} },
    now: () => new Date(0),
    read: async (path: string) => (there[path] === undefined ? null : Buffer.from(there[path])),
    fetch: async (url: string) => {
      asked.push(url);
      return { status: there[url] === undefined ? 404 : 200, body: Buffer.from(there[url] ?? "") };
    },
  } as unknown as Host;
  const sought: SoughtEvidence = {
    fresh: false,
    host,
    known: [KNOWN],
    digests: async () => (fetched.push("bytes"), [KNOWN, HASHED]),
    fields: { name: "widget", version: "1.0.0" },
  };
  return { asked, fetched, ask: (source: Source) => askSource(source, sought, own) };
}

describe("a URL template", () => {
  it.each([
    ["{name}/{version}", "widget/1.0.0", 0],
    ["{sha512}", KNOWN.hex, 0],
    ["{sha256}", HASHED.hex, 1],
    ["{name}/{sha512}/{sha256}", `widget/${KNOWN.hex}/${HASHED.hex}`, 1],
  ])("%s: bytes are fetched only for a digest that is not known", async (template, path, times) => {
    const url = `https://bundles.example/${path}`;
    const { ask, asked, fetched } = seek({ [url]: '{"a":1}' });
    expect(await ask({ kind: "url", template: `https://bundles.example/${template}` })).toHaveLength(1);
    expect([asked, fetched.length]).toEqual([[url], times]);
  });
});

describe("a folder", () => {
  it.each([
    [KNOWN, 0],
    [HASHED, 1],
  ])("by %j", async ({ algorithm, hex }, times) => {
    const { ask, fetched } = seek({ [`/bundles/${algorithm}-${hex}.sigstore.json`]: '{"a":1}' });
    expect(await ask({ kind: "directory", path: "/bundles" })).toHaveLength(1);
    expect(fetched).toHaveLength(times);
  });
});

it("GitHub's store, by the digest that it knows", async () => {
  const { ask, asked } = seek({});
  expect(await ask({ kind: "github", repositories: ["acme/widget"] })).toEqual([]);
  expect(asked).toEqual([`https://github.example/repos/acme/widget/attestations/sha256:${HASHED.hex}?per_page=100`]);
});

it("an ecosystem's own places are asked its own way, with what the policy says of them", async () => {
  const seen: Source[] = [];
  const answer = async (source: Source) => (seen.push(source), []);
  const own: OwnSources = { own: answer, companion: answer };
  const { ask } = seek({}, own);
  await ask({ kind: "own", signature: true });
  await ask({ kind: "companion", template: "{id}.Sigstore" });
  expect(seen).toEqual([
    { kind: "own", signature: true },
    { kind: "companion", template: "{id}.Sigstore" },
  ]);
});

it("a kind that is none of the ecosystem's is no answer: could not find out", async () => {
  const { ask } = seek({}, { own: async () => [] });
  await expect(ask({ kind: "integrity", url: "https://x.example" })).rejects.toMatchObject({
    name: "SourceUnavailable",
    reason: '"integrity" is not a source of this ecosystem',
  });
});

it("the shared kinds need nothing of the ecosystem", () => expect(SHARED).toEqual(["url", "directory", "github"]));
