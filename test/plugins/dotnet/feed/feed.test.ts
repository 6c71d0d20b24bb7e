/** What a feed's address or credentials hold goes nowhere else: no other origin, no plain http, no message. */
import { download } from "../../../../plugins/dotnet/feed/download.ts";
import { type Feed, mirrorIn, nothingLearnt } from "../../../../plugins/dotnet/feed/feed.ts";
import { type Host, SourceUnavailable } from "../../../../src/plugin.ts";
import { describe, expect, it } from "vitest";

const REF = { name: "Acme.Widget", version: "1.0.0" };
const feedAt = (address: string): Feed => ({
  name: "feed",
  address,
  credentials: { username: "bob", password: "s3cret" },
  project: "/",
  learnt: nothingLearnt(),
});

/** Answers with an index whose packages are at `base`; says what it was asked. */
function hostFor(base: string) {
  const asked: (readonly [url: string, authorized: boolean])[] = [];
  const index = JSON.stringify({ resources: [{ "@type": "PackageBaseAddress/3.0.0", "@id": base }] });
  const fetch: Host["fetch"] = async (url, { authorization }) => {
    asked.push([url, authorization !== undefined]);
    if (url.includes("down")) throw new SourceUnavailable(url, "ECONNREFUSED");
    return { status: 200, body: Buffer.from(url.includes("index.json") ? index : "package") };
  };
  return { asked, host: { fetch, env: {} } as unknown as Host };
}

async function said(address: string, base = "https://feed.example/flat/"): Promise<string> {
  return download(feedAt(address), REF, hostFor(base).host).then(
    (found) => found?.location ?? "",
    (error: Error) => error.message,
  );
}

describe("credentials of a feed", () => {
  it("go to its own origin only, wherever its index leads", async () => {
    const { asked, host } = hostFor("https://other.example/flat/");
    await download(feedAt("https://feed.example/index.json"), REF, host);
    expect(asked.map(([url, authorized]) => [new URL(url).host, authorized])).toEqual([
      ["feed.example", true],
      ["other.example", false],
    ]);
  });

  it.each(["http://feed.example/index.json", "https://bob:s3cret@feed.example/index.json"])(
    "%s is not asked at all",
    async (address) => {
      const { asked, host } = hostFor("https://feed.example/flat/");
      await expect(download(feedAt(address), REF, host)).rejects.toThrow(/https only/);
      expect(asked).toEqual([]);
    },
  );

  it("an index that leads to plain http is not followed", async () => {
    const { asked, host } = hostFor("http://feed.example/flat/");
    await expect(download(feedAt("https://feed.example/index.json"), REF, host)).rejects.toThrow(/https only/);
    expect(asked).toHaveLength(1);
  });
});

it.each([
  ["a feed that does not answer", "https://feed.example/down/index.json?sig=s3cret"],
  ["an address with a password", "https://bob:s3cret@feed.example/index.json"],
])("%s: no message holds the secret", async (_, address) => expect(await said(address)).not.toContain("s3cret"));

it("nor does the place where a package was found", async () =>
  expect(await said("https://feed.example/index.json", "https://cdn.example/flat?sig=s3cret")).not.toContain("s3cret"));

describe("the feed that a package is of, for people", () => {
  const of = (...addresses: readonly string[]) => mirrorIn(addresses.map(feedAt));

  it("is the only server that may have it, without what its address keeps secret", () => {
    expect(of("https://feed.example/v3/index.json")).toBe("https://feed.example/v3/index.json");
    expect(of("/srv/packages", "https://feed.example/v3/index.json")).toBe("https://feed.example/v3/index.json");
    expect(of("https://bob:s3cret@feed.example/v3/index.json")).not.toContain("s3cret");
  });

  it.each<[string, readonly string[]]>([
    ["none", []],
    ["two, of which either may have it", ["https://feed.example/v3/index.json", "https://other.example/v3/index.json"]],
    ["the public one", ["https://x.nuget.org/v3/index.json"]],
    ["the public one in its older form", ["https://x.nuget.org/api/v2"]],
    ["folders", ["/srv/packages", "/srv/more"]],
    ["no address", ["https://"]],
  ])("is not said of %s", (_, addresses) => expect(of(...addresses)).toBeNull());
});
