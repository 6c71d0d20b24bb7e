/** What a feed's address or credentials hold goes nowhere else: no other origin, no plain http, no message. */
import { download } from "../../../../plugins/dotnet/feed/download.ts";
import { type Feed, get, mirrorIn, nothingLearnt } from "../../../../plugins/dotnet/feed/feed.ts";
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

describe("a feed that wants to know who asks", () => {
  /** Answers 401 so many times, then 200; `provided` is what a credential provider has. */
  const ask = async (refusals: number, status = 200) => {
    const asked: (string | null)[] = [];
    const feed = feedAt("https://feed.example/index.json");
    const provided = ["one", "two"].map((password) => Promise.resolve({ username: "provided", password }));
    const questions: number[] = [];
    Object.assign(feed.learnt, {
      provided: new Proxy<unknown[]>([], {
        get: (known, name) => {
          const at = Number(name);
          if (!(at in provided)) return Reflect.get(known, name) as unknown;
          questions.push(at);
          return (known[at] ??= provided[at]);
        },
      }),
    });
    const fetch: Host["fetch"] = async (_, { authorization }) => {
      asked.push(authorization === undefined ? null : Buffer.from(authorization.slice(6), "base64").toString());
      return { status: asked.length > refusals ? status : 401, body: Buffer.from("x") };
    };
    const host = { fetch, env: { PATH: "", HOME: "/nowhere" } } as unknown as Host;
    const answer = await get(feed, "https://feed.example/x", 9, host);
    return { status: answer.status, asked, questions: [...new Set(questions)] };
  };

  it("is asked with what is configured, and nobody else is asked where that is enough", async () => {
    expect(await ask(0)).toEqual({ status: 200, asked: ["bob:s3cret"], questions: [] });
    expect(await ask(0, 404)).toMatchObject({ status: 404, asked: ["bob:s3cret"], questions: [] });
    expect(await ask(0, 403)).toMatchObject({ status: 403, questions: [] });
  });

  it("is asked again with what a provider gives, and once more with what it gives then", async () => {
    expect(await ask(1)).toEqual({ status: 200, asked: ["bob:s3cret", "provided:one"], questions: [0] });
    expect(await ask(2)).toMatchObject({ status: 200, asked: ["bob:s3cret", "provided:one", "provided:two"] });
    expect(await ask(9)).toMatchObject({ status: 401, asked: ["bob:s3cret", "provided:one", "provided:two"] });
  });

  it("is asked no more where no provider has any", async () => {
    const asked: string[] = [];
    const fetch: Host["fetch"] = async (url) => (asked.push(url), { status: 401, body: Buffer.alloc(0) });
    const host = { fetch, env: { PATH: "", HOME: "/nowhere" } } as unknown as Host;
    const feed = feedAt("https://feed.example/index.json");
    expect((await get(feed, "https://feed.example/x", 9, host)).status).toBe(401);
    expect(asked).toHaveLength(1);
  });
});
