/** GitHub's store is not asked further than it wants to be. */
import { askGithub } from "../../src/evidence/github.ts";
import { limitedUntil } from "../../src/evidence/github.ts";
import { createRequests } from "../../src/io/requests/requests.ts";
import type { Digest, Host } from "../../src/plugin.ts";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";

const NOW = new Date("2026-01-02T03:04:05Z");
const RESET = String(Date.parse("2026-01-02T04:00:00Z") / 1000);

/** A store that answers everything in one way; `asked` counts. */
async function store(status: number, headers: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.writeHead(status, headers).end('{"attestations":[]}');
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => (server.closeAllConnections(), void server.close()));
  const env = { GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const { fetch } = createRequests({ env: {}, signal: new AbortController().signal, offline: false });
  const cache = { get: () => Promise.resolve(null), put: () => Promise.resolve() };
  return { asked, host: { env, fetch, cache, limits: new Map(), now: () => NOW } as unknown as Host };
}

const digest = (digit: string): Digest => ({ algorithm: "sha256", hex: digit.repeat(64) });

describe("after GitHub said that its limit is used up", () => {
  it.each([
    [403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET }, "2026-01-02T04:00:00Z"],
    [429, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET }, "2026-01-02T04:00:00Z"],
    [403, { "retry-after": "30" }, "2026-01-02T03:04:35Z"],
    [429, { "retry-after": "30", "x-ratelimit-remaining": "7" }, "2026-01-02T03:04:35Z"],
    [429, {}, "2026-01-02T03:05:05Z"],
  ])("with %i and %j, nothing more is asked in this run", async (status, headers, end) => {
    const { asked, host } = await store(status, headers);
    await expect(askGithub(["acme/widget"], [digest("1")], false, host)).rejects.toMatchObject({
      name: "SourceUnavailable",
      reason: `answered ${status}: GitHub's rate limit is used up until ${end}; with GITHUB_TOKEN or GH_TOKEN it is higher`,
    });
    // Another session of the same run.
    const other = { ...host };
    await expect(askGithub(["acme/gadget"], [digest("2")], true, other)).rejects.toMatchObject({
      name: "SourceUnavailable",
      reason: `not asked: GitHub's rate limit is used up until ${end}; with GITHUB_TOKEN or GH_TOKEN it is higher`,
    });
    expect(asked).toHaveLength(1);
  });

  it("no access to one repository is no limit", async () => {
    const { asked, host } = await store(403, { "x-ratelimit-remaining": "59", "x-ratelimit-reset": RESET });
    for (const one of ["1", "2"])
      await expect(askGithub(["acme/widget"], [digest(one)], false, host)).rejects.toMatchObject({
        reason: "answered 403: no access; set GITHUB_TOKEN",
      });
    expect(asked).toHaveLength(2);
  });
});

describe("the end of a limit", () => {
  it.each([
    ["a date", 429, { "retry-after": "Fri, 02 Jan 2026 05:00:00 GMT" }, "2026-01-02T05:00:00.000Z"],
    ["no date", 429, { "retry-after": "soon" }, "2026-01-02T03:05:05.000Z"],
    ["a number that no date is", 403, { "retry-after": "9".repeat(30) }, "2026-01-02T03:05:05.000Z"],
    ["nothing left, and no end", 403, { "x-ratelimit-remaining": "0" }, "2026-01-02T03:05:05.000Z"],
  ])("%s", (_, status, limits, end) => expect(limitedUntil({ status, limits }, NOW)?.toISOString()).toBe(end));

  it("is none where something was answered", () =>
    expect(limitedUntil({ status: 200, limits: { "x-ratelimit-remaining": "0" } }, NOW)).toBeNull());
});
