import { askUrl, expand } from "../../src/evidence/url.ts";
import { createHost } from "../../src/io/host.ts";
import { temporaryFolder } from "../support/folder.ts";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";

async function serve(answer: (url: string) => { status: number; body?: string; location?: string }) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const { status, body, location } = answer(request.url ?? "");
    response.writeHead(status, location === undefined ? {} : { location }).end(body);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { asked, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function host(offline = false) {
  const made = createHost({
    env: {},
    signal: new AbortController().signal,
    offline,
    cacheFolder: temporaryFolder(),
    stateFolder: temporaryFolder(),
    notice: () => {},
  });
  onTestFinished(() => made.close());
  return made;
}

const FIELDS = { name: "@acme/widget", version: "1.0.0" };

describe("askUrl", () => {
  it("asks once, then answers from the cache; a fresh question asks again", async () => {
    const { asked, origin } = await serve(() => ({ status: 200, body: '{"a":1}' }));
    const mine = host();
    const ask = (fresh: boolean) => askUrl(`${origin}/{name}/{version}.json`, FIELDS, fresh, mine);
    expect(await ask(false)).toMatchObject([{ bundle: { a: 1 } }]);
    expect(await ask(false)).toMatchObject([{ bundle: { a: 1 }, cached: true }]);
    expect(asked).toEqual(["/%40acme%2Fwidget/1.0.0.json"]);
    expect(await ask(true)).toMatchObject([{ bundle: { a: 1 } }]);
    expect(asked).toHaveLength(2);
  });

  it.each([400, 404, 405, 410, 501])("%i means none, and is not remembered", async (status) => {
    const { asked, origin } = await serve(() => ({ status }));
    const mine = host();
    for (const _ of [1, 2]) expect(await askUrl(`${origin}/{version}`, FIELDS, false, mine)).toEqual([]);
    expect(asked).toHaveLength(2);
  });

  it.each(["<html>", '{"attestations":[]}', '{"a":1,"a":2}'])(
    "an answer without a bundle is not remembered: %s",
    async (body) => {
      const { asked, origin } = await serve(() => ({ status: 200, body }));
      const mine = host();
      for (const _ of [1, 2]) await askUrl(`${origin}/{version}`, FIELDS, false, mine);
      expect(asked).toHaveLength(2);
    },
  );

  it.each([401, 403, 500, 503, 204])("%i means: could not find out", async (status) => {
    const { origin } = await serve(() => ({ status }));
    await expect(askUrl(`${origin}/{version}`, FIELDS, false, host())).rejects.toMatchObject({
      reason: `answered ${status}`,
    });
  });

  it("offline means: could not find out", async () => {
    await expect(askUrl("https://bundles.example/{version}", FIELDS, false, host(true))).rejects.toMatchObject({
      reason: "offline",
    });
  });

  it("follows a redirect, but never to plain http elsewhere", async () => {
    const { origin } = await serve((url) =>
      url === "/1.0.0" ? { status: 302, location: "/there" } : { status: 200, body: '{"a":1}' },
    );
    expect(await askUrl(`${origin}/{version}`, FIELDS, false, host())).toMatchObject([{ bundle: { a: 1 } }]);
    const bad = await serve(() => ({ status: 302, location: "http://evil.example/" }));
    await expect(askUrl(`${bad.origin}/{version}`, FIELDS, false, host())).rejects.toMatchObject({
      reason: expect.stringContaining("redirected"),
    });
  });

  it("an answer over the bound is refused while it streams", async () => {
    const { origin } = await serve(() => ({ status: 200, body: "x".repeat(8_000_001) }));
    await expect(askUrl(`${origin}/{version}`, FIELDS, false, host())).rejects.toMatchObject({
      reason: expect.stringContaining("larger than"),
    });
  });
});

describe("expand", () => {
  it("a field that is not known means no evidence", () => {
    expect(expand("https://bundles.example/{sha512}", FIELDS)).toBeNull();
  });

  it("no value can leave its place in the path", () => {
    const value = fc.oneof(
      fc.string({ unit: "grapheme" }).filter((text) => !/\p{Cs}/u.test(text)),
      fc.constantFrom(".", "..", "%2e%2e", "../..", "a/../../x", "?x", "#x", "\\..", ""),
    );
    fc.assert(
      fc.property(value, (name) => {
        const url = expand("https://bundles.example/a/{name}/b", { name });
        if (url === null) return;
        const path = new URL(url).pathname.split("/");
        expect([path[1], path.at(-1), path.length, new URL(url).search]).toEqual(["a", "b", 4, ""]);
      }),
    );
    expect(expand("https://bundles.example/a/{name}/b", { name: ".." })).toBeNull();
    expect(expand("https://bundles.example/a/{name}/b", { name: "x..y" })).toBe("https://bundles.example/a/x..y/b");
  });
});
