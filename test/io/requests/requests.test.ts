import { createRequests } from "../../../src/io/requests/requests.ts";
import { LIMITS } from "../../../src/limits.ts";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { rawServer } from "../../support/raw-server.ts";
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

const { fetch } = createRequests({ env: {}, signal: new AbortController().signal, offline: false });

function make(options: Partial<Parameters<typeof createRequests>[0]> = {}): ReturnType<typeof createRequests> {
  const made = createRequests({ env: {}, signal: new AbortController().signal, offline: false, ...options });
  onTestFinished(() => made.close());
  return made;
}

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

  it("is not asked again once all are closed", async () => {
    let asked = 0;
    const closed: Promise<void>[] = [];
    const requests = make();
    const origin = await serve((_, response) => {
      asked++;
      response.writeHead(503).end(() => closed.push(requests.close()));
    });
    await expect(requests.fetch(`${origin}/`, { maxBytes: 10 })).rejects.toMatchObject({ name: "SourceUnavailable" });
    await Promise.all(closed);
    await expect(requests.fetch(`${origin}/`, { maxBytes: 10 })).rejects.toMatchObject({ reason: "the run has ended" });
    expect(asked).toBe(1);
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
    const { fetch: interruptible } = createRequests({ env: {}, signal: interrupt.signal, offline: false });
    await expect(interruptible(`${origin}/`, { maxBytes: 10 })).rejects.toThrow("SIGINT");
  });
});

describe("a deadline holds", () => {
  const SLOW = { httpTimeoutMs: 300 };

  /** One byte at a time, for ever; each time, what nobody holds is collected. */
  function drip(socket: Socket, text = "x"): void {
    if (socket.destroyed) return;
    collectGarbage();
    socket.write(text);
    setTimeout(drip, 60, socket);
  }

  it.each<[string, (socket: Socket) => void]>([
    ["connects and says nothing", () => {}],
    ["lets its headers drip", (socket) => drip(socket, "HTTP/1.1 200 OK\r\nx-drip: ")],
    ["lets its body drip", (socket) => drip(socket, "HTTP/1.1 200 OK\r\n\r\n")],
    ["lets the body of a failure drip", (socket) => drip(socket, "HTTP/1.1 503 No\r\n\r\n")],
    ["sends early hints for ever", (socket) => hint(socket)],
  ])("where a server %s", async (_, play) => {
    const { fetch } = make({ times: SLOW });
    const origin = await rawServer(play);
    await expect(fetch(`${origin}/`, { maxBytes: 1_000_000 })).rejects.toMatchObject({
      name: "SourceUnavailable",
      reason: "timed out after 0.3 s",
    });
  });

  function hint(socket: Socket): void {
    if (socket.destroyed) return;
    collectGarbage();
    socket.write("HTTP/1.1 103 Early Hints\r\n\r\n");
    setTimeout(hint, 60, socket);
  }

  it("where an address is taken and nobody answers in TLS", async () => {
    const origin = await rawServer(() => {});
    const { fetch } = make({ times: { ...SLOW, stepMs: 5000 } });
    await expect(fetch(origin.replace("http:", "https:"), { maxBytes: 10 })).rejects.toMatchObject({
      name: "SourceUnavailable",
    });
  });

  it("of a step: an answer that keeps its pace has no longer than that", async () => {
    const { fetch } = make({ times: { stepMs: 300 } });
    const origin = await rawServer((socket) => drip(socket, "HTTP/1.1 200 OK\r\n\r\n"));
    await expect(fetch(`${origin}/`, { maxBytes: 1_000_000 })).rejects.toMatchObject({
      reason: "timed out after 0.3 s",
    });
  });

  it("of the run: what is asked after it is not asked at all", async () => {
    let asked = 0;
    const origin = await rawServer(() => void asked++);
    const { fetch } = make({ times: { runMs: 0 } });
    await expect(fetch(`${origin}/`, { maxBytes: 10 })).rejects.toMatchObject({
      reason: expect.stringContaining("timed out") as string,
    });
    expect(asked).toBe(0);
  });

  it("who is silent again and again is asked no more", async () => {
    let asked = 0;
    const origin = await rawServer(() => void asked++);
    const { fetch } = make({ times: { httpTimeoutMs: 50 } });
    const reasons: unknown[] = [];
    for (let question = 0; question < LIMITS.httpSilences; question++) {
      const error: unknown = await fetch(`${origin}/`, { maxBytes: 10 }).catch((error: unknown) => error);
      reasons.push((error as { readonly reason: string }).reason);
    }
    expect(asked).toBe(LIMITS.httpSilences);
    expect(reasons.at(-1)).toBe("not asked: it was silent before");
  });
});

describe("what is sent and read", () => {
  it.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["br", brotliCompressSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["gzip, br", (bytes: Buffer) => brotliCompressSync(gzipSync(bytes))],
    ["identity", (bytes: Buffer) => bytes],
    ["unknown", (bytes: Buffer) => bytes],
  ] as const)("what was coded as %s is read", async (coding, code) => {
    const origin = await serve((_, response) => {
      response.writeHead(200, { "content-encoding": coding }).end(code(Buffer.from("some text")));
    });
    expect((await fetch(`${origin}/`, { maxBytes: 100 })).body.toString()).toBe("some text");
  });

  it("the bound is on what comes out, too", async () => {
    const bomb = gzipSync(Buffer.alloc(100_000));
    const origin = await serve((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    });
    expect(bomb.length).toBeLessThan(5000);
    await expect(fetch(`${origin}/`, { maxBytes: 5000 })).rejects.toMatchObject({
      reason: "answer larger than 5000 bytes",
    });
  });

  it("credentials stay at their origin, and come back with it", async () => {
    const seen: (string | undefined)[] = [];
    const there = await serve(({ headers }, response) => {
      seen.push(headers.authorization);
      response.writeHead(302, { location: `${here}/back` }).end();
    });
    const here = await serve(({ url, headers }, response) => {
      seen.push(headers.authorization);
      if (url === "/back") response.end("{}");
      else response.writeHead(302, { location: `${there}/` }).end();
    });
    await fetch(`${here}/`, { maxBytes: 10, authorization: "Bearer s3cret" });
    expect(seen).toEqual(["Bearer s3cret", undefined, "Bearer s3cret"]);
  });

  it("a body that breaks off is asked for again, from its beginning", async () => {
    let asked = 0;
    const origin = await rawServer((socket) => {
      socket.end(
        `HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n${asked++ === 0 ? "abc" : "abcdef"}`,
      );
    });
    expect((await fetch(`${origin}/`, { maxBytes: 10 })).body.toString()).toBe("abcdef");
  });

  it("of many at once, all are answered over connections that are kept", async () => {
    let connections = 0;
    const origin = await rawServer((socket) => {
      if (socket.listenerCount("data") > 0 && socket.bytesWritten === 0) connections++;
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    });
    const { request } = make();
    const ask = {
      maxBytes: 10,
      to: () => ({ headers: {}, over: { connections: 4 } }),
      mayLead: () => false,
      retry: { statuses: () => false, retries: 0, factor: 1, minTimeout: 0, maxTimeout: 0 },
    };
    const answers = await Promise.all(Array.from({ length: 60 }, () => request(`${origin}/`, ask)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(connections).toBeLessThanOrEqual(4);
  });
});

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
