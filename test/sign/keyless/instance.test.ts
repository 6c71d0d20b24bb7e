import { instanceIn, isPublicInstance, PUBLIC_INSTANCE } from "../../../src/sign/keyless/instance.ts";
import { describe, expect, it } from "vitest";

const NOW = new Date("2026-06-01T00:00:00Z");
const service = (url: string, more: object = {}) => ({
  url: `https://${url}`,
  majorApiVersion: 1,
  validFor: { start: "2020-01-01T00:00:00Z" },
  operator: url,
  ...more,
});
const config = (more: object = {}) => ({
  mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
  caUrls: [service("ca.example")],
  ...more,
});
const read = (value: unknown) => instanceIn(typeof value === "string" ? value : JSON.stringify(value), "c.json", NOW);

describe("a signing configuration", () => {
  it("alone, or in a ClientTrustConfig", () => {
    const found = { authority: "https://ca.example", logs: [], timestamps: [] };
    expect(read(config())).toEqual(found);
    expect(read({ trustedRoot: {}, signingConfig: config() })).toEqual(found);
  });

  it("names what counts now: valid, of a known version, the newest first", () => {
    const rekorTlogUrls = [
      service("old.example", { validFor: { start: "2019-01-01T00:00:00Z", end: "2025-01-01T00:00:00Z" } }),
      service("one.example"),
      service("later.example", { validFor: { start: "2027-01-01T00:00:00Z" } }),
      service("two.example/", { majorApiVersion: 2 }),
      service("nine.example", { majorApiVersion: 9 }),
    ];
    const found = read(config({ rekorTlogUrls, rekorTlogConfig: { selector: "ANY" } }));
    expect(found.logs).toEqual([{ url: "https://two.example", version: 2 }]);
  });

  it("the selector says how many, of different operators", () => {
    const tsaUrls = [service("a.example"), service("b.example"), service("c.example", { operator: "a.example" })];
    const of = (tsaConfig: object) => read(config({ tsaUrls, tsaConfig })).timestamps;
    expect(of({ selector: "ALL" })).toEqual(["https://a.example", "https://b.example"]);
    expect(of({ selector: "EXACT", count: 2 })).toHaveLength(2);
    expect(() => of({ selector: "EXACT", count: 3 })).toThrow(/asks for 3 services/);
    expect(() => of({ selector: "SOME" })).toThrow(/SOME is not known/);
  });

  it.each([
    ["no JSON", "{", /c\.json/],
    ["an older one", { mediaType: "application/vnd.dev.sigstore.signingconfig.v0.1+json" }, /of another kind/],
    ["no authority", config({ caUrls: [] }), /certificate authority/],
    [
      "an address that is not https",
      config({ caUrls: [{ ...service("x"), url: "http://ca.example" }] }),
      /no https address/,
    ],
    ["a list that is none", config({ rekorTlogUrls: {} }), /is no list/],
    ["a time that is none", config({ caUrls: [service("x", { validFor: { start: "soon" } })] }), /a time that is none/],
    ["no log where one is asked for", config({ rekorTlogConfig: { selector: "ANY" } }), /0 count now/],
  ])("%s is refused", (_, value, message) => {
    expect(() => read(value)).toThrow(message);
    expect(() => read(value)).toThrow(expect.objectContaining({ kind: "usage", code: "SIGNING_CONFIG" }));
  });
});

it("is public where any part of it is the public one's", () => {
  expect(isPublicInstance(PUBLIC_INSTANCE)).toBe(true);
  const own = { authority: "https://ca.example", logs: [], timestamps: [] };
  expect(isPublicInstance(own)).toBe(false);
  expect(isPublicInstance({ ...own, logs: [{ url: "https://log2025-1.rekor.sigstore.dev", version: 2 }] })).toBe(true);
  expect(isPublicInstance({ ...own, authority: "https://sigstore.dev.example" })).toBe(false);
  // The same host, and its trial instance, whose log anybody reads as well.
  for (const host of ["fulcio.sigstore.dev.", "FULCIO.Sigstore.dev", "fulcio.sigstage.dev"])
    expect(isPublicInstance({ ...own, authority: `https://${host}` }), host).toBe(true);
});
