import { createFetch } from "../../src/io/http.ts";
import { LIMITS } from "../../src/limits.ts";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const fetch = createFetch({ env: {}, signal: new AbortController().signal, offline: false });

describe("a request", () => {
  it("follows no more redirects than the bound", async () => {
    let asked = 0;
    const origin = await serve((_, response) => {
      asked++;
      response.writeHead(302, { location: `/${asked}` }).end();
    });
    await expect(fetch(`${origin}/`, { maxBytes: 10 })).rejects.toMatchObject({
      name: "SourceUnavailable",
      reason: expect.stringContaining("redirected more than") as string,
    });
    expect(asked).toBe(LIMITS.httpRedirects + 1);
  });

  it("carries no credentials, and no cookie that it was given", async () => {
    const seen: (string | undefined)[] = [];
    const origin = await serve((request, response) => {
      seen.push(request.headers.authorization, request.headers.cookie);
      response.writeHead(200, { "set-cookie": "a=b" }).end("{}");
    });
    await fetch(`${origin}/`, { maxBytes: 10 });
    await fetch(`${origin}/`, { maxBytes: 10 });
    expect(seen).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("is asked again after a failure that may pass, no more often than the bound", async () => {
    let asked = 0;
    const origin = await serve((_, response) => {
      asked++;
      response.writeHead(503).end();
    });
    expect((await fetch(`${origin}/`, { maxBytes: 10 })).status).toBe(503);
    expect(asked).toBe(LIMITS.httpRetries + 1);
  });

  it("ends where the run is interrupted", async () => {
    const interrupt = new AbortController();
    const origin = await serve(() => interrupt.abort(new Error("SIGINT")));
    const interruptible = createFetch({ env: {}, signal: interrupt.signal, offline: false });
    await expect(interruptible(`${origin}/`, { maxBytes: 10 })).rejects.toThrow("SIGINT");
  });
});
