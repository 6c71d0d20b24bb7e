import { askGithub } from "../../src/evidence/github.ts";
import { answerOf } from "../../src/gate/answers.ts";
import { createRequests } from "../../src/io/requests/requests.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Host } from "../../src/plugin.ts";
import { packedBlock } from "../support/snappy.ts";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";

const DIGEST = { algorithm: "sha256", hex: "1".repeat(64) } as const;
const PLACE = "/elsewhere/1.json.sn?sig=s3cret";

/** A store of GitHub's, and the place that it points to. `kept` is what survives the run. */
async function store(attestations: (origin: string) => unknown, elsewhere: (response: ServerResponse) => void) {
  const asked: { readonly url: string; readonly token: string | undefined }[] = [];
  const server = createServer(({ url = "", headers }, response) => {
    asked.push({ url, token: headers.authorization });
    if (url.startsWith("/repos/")) response.end(JSON.stringify({ attestations: attestations(origin) }));
    else elsewhere(response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => (server.closeAllConnections(), void server.close()));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { GITHUB_API_URL: origin, GH_TOKEN: "t0ken" };
  const { fetch } = createRequests({ env: {}, signal: new AbortController().signal, offline: false });
  const kept = new Map<string, Buffer>();
  const cache = {
    get: async (key: string) => kept.get(key) ?? null,
    put: async (key: string, value: Buffer) => void kept.set(key, value),
  };
  const host = { env, fetch, cache, limits: new Map(), now: () => new Date() } as unknown as Host;
  return { asked, kept, origin, ask: () => askGithub(["acme/widget"], [DIGEST], false, host) };
}

const pointing = (origin: string) => [{ bundle: null, bundle_url: origin + PLACE, repository_id: 1 }];
const inline = { bundle: { mediaType: "inline" }, bundle_url: "https://blob.example/stale.json.sn" };
const sending = (text: string) => (response: ServerResponse) => void response.end(packedBlock(text));
const BUNDLE = { mediaType: "elsewhere", verificationMaterial: { x: "x".repeat(300) } };

describe("a bundle that GitHub's store keeps elsewhere", () => {
  it("is fetched without the token and unpacked, once: what was found is kept", async () => {
    const { ask, asked, kept } = await store(
      (origin) => [inline, ...pointing(origin)],
      sending(JSON.stringify(BUNDLE)),
    );
    const found = await ask();
    expect(found).toMatchObject([{ bundle: inline.bundle }, { bundle: BUNDLE }]);
    expect(asked).toEqual([
      {
        url: expect.stringMatching(/^\/repos\/acme\/widget\/attestations\/sha256:1+\?per_page=100$/),
        token: "Bearer t0ken",
      },
      { url: PLACE, token: undefined },
    ]);
    expect(await ask()).toMatchObject([
      { bundle: inline.bundle, cached: true },
      { bundle: BUNDLE, cached: true },
    ]);
    expect(asked).toHaveLength(2);
    expect(kept.size).toBe(1);
    expect([...kept.values()].join("")).not.toContain("s3cret");
  });

  it("what is in the answer itself is not asked for again", async () => {
    const { ask, asked } = await store(
      () => [inline],
      (response) => void response.writeHead(500).end(),
    );
    expect(await ask()).toMatchObject([{ bundle: inline.bundle }]);
    expect(asked).toHaveLength(1);
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    ["whose address has expired", (response) => void response.writeHead(403).end(), /^answered 403$/],
    ["that is gone", (response) => void response.writeHead(404).end(), /^answered 404$/],
    ["that is no block", (response) => void response.end("rubbish"), /has no bundle: /],
    ["that is no JSON", sending("rubbish"), /is not JSON/],
    [
      "that says it is too large",
      (response) => void response.end(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f])),
      new RegExp(`larger than ${LIMITS.bundleBytes} bytes`),
    ],
  ])("%s could not be found out, and its address is not told whole", async (_, answer, reason) => {
    const { ask, kept } = await store(pointing, answer);
    const error = (await ask().catch((one: unknown) => one)) as { readonly name: string; readonly reason: string };
    expect(error).toMatchObject({ name: "SourceUnavailable", reason: expect.stringMatching(reason) as string });
    expect(JSON.stringify(error)).not.toContain("s3cret");
    expect(kept.size).toBe(0);
  });

  it("where one is dead the others are still judged, and it is said; nothing is kept", async () => {
    const dead = { bundle: null, bundle_url: "http://127.0.0.1:9/gone.json.sn" };
    const { ask, kept } = await store((origin) => [dead, inline, ...pointing(origin)], sending(JSON.stringify(BUNDLE)));
    const answer = await answerOf({ collect: ask }, {} as never, { kind: "github" }, false);
    expect(answer).toMatchObject({
      evidence: [{ bundle: inline.bundle }, { bundle: BUNDLE }],
      unavailable: [{ location: "http://127.0.0.1:9/gone.json.sn" }],
      faults: [],
    });
    expect(kept.size).toBe(0);
  });

  it.each<[string, unknown]>([
    ["nowhere", undefined],
    ["at what is no address", "elsewhere"],
    ["at an address that is not asked", "http://blob.example/1.json.sn"],
    ["in a file", "file:///etc/passwd"],
  ])("%s: could not be found out", async (_, bundle_url) => {
    const { ask, asked } = await store(() => [{ bundle: null, bundle_url }], sending("{}"));
    await expect(ask()).rejects.toMatchObject({ name: "SourceUnavailable" });
    expect(asked).toHaveLength(1);
  });
});
