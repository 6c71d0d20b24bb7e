import { proxiesOf, proxyFor } from "../../../src/io/requests/connections.ts";
import { createRequests } from "../../../src/io/requests/requests.ts";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";

const PROXY = "http://proxy.example:3128";

describe("the proxy for a place", () => {
  it.each([
    [{ HTTPS_PROXY: PROXY }, "https://a.example", "http://proxy.example:3128/"],
    [{ HTTP_PROXY: PROXY }, "https://a.example", "http://proxy.example:3128/"],
    [{ HTTPS_PROXY: PROXY }, "http://a.example", null],
    [{ HTTPS_PROXY: PROXY, https_proxy: "" }, "https://a.example", null],
    [{ https_proxy: "proxy.example:3128" }, "https://a.example", "http://proxy.example:3128/"],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: "b.example, .a.example" }, "https://x.a.example", null],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: "a.example" }, "https://a.example", null],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: "a.example" }, "https://nota.example", "http://proxy.example:3128/"],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: "A.example:443" }, "https://a.example", null],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: "a.example:8443" }, "https://a.example", "http://proxy.example:3128/"],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: "*" }, "https://a.example", null],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: "[::1]:443" }, "https://[::1]", null],
  ])("%j: %s", (env, place, proxy) => {
    expect(proxyFor(new URL(place), proxiesOf(env))?.href ?? null).toBe(proxy);
  });
});

describe("a request through a proxy", () => {
  it("asks the proxy as such for a place without TLS, with the proxy's own credentials", async () => {
    const seen: unknown[] = [];
    const proxy = await listen((request, response) => {
      const { authorization, "proxy-authorization": own } = request.headers;
      seen.push([request.url, authorization, own]);
      response.end("{}");
    });
    const { fetch } = make({ http_proxy: proxy.replace("//", "//user:p%40ss@") });
    await fetch("http://registry.example/x?y", { maxBytes: 10, authorization: "Bearer s3cret" });
    const basic = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
    expect(seen).toEqual([["http://registry.example/x?y", "Bearer s3cret", basic]]);
  });

  it("asks for a tunnel where TLS is spoken; one that is refused could not be found out", async () => {
    const asked: unknown[] = [];
    const proxy = await listen(
      () => {},
      (url, authorization) => void asked.push([url, authorization]),
    );
    const { fetch } = make({ https_proxy: proxy });
    await expect(
      fetch("https://registry.example/x", { maxBytes: 10, authorization: "Bearer s3cret" }),
    ).rejects.toMatchObject({ name: "SourceUnavailable" });
    expect(asked[0]).toEqual(["registry.example:443", undefined]);
  });

  it.each(["ftp://proxy.example", "socks4://proxy.example", "http://"])("%s is none", async (proxy) => {
    const { fetch } = make({ http_proxy: proxy });
    await expect(fetch("http://registry.example/", { maxBytes: 10 })).rejects.toMatchObject({
      name: "SourceUnavailable",
      reason: expect.stringContaining("proxy") as string,
    });
  });

  it("shows no password of a proxy", async () => {
    const { fetch } = make({ http_proxy: "ftp://user:s3cret@proxy.example" });
    const error: unknown = await fetch("http://registry.example/", { maxBytes: 10 }).catch((error: unknown) => error);
    expect(error).toMatchObject({ name: "SourceUnavailable" });
    expect(JSON.stringify(error) + String(error)).not.toContain("s3cret");
  });

  it("goes through one of SOCKS, which resolves the name", async () => {
    const origin = await listen((_, response) => void response.end("{}"));
    const names: string[] = [];
    const proxy = await socks(new URL(origin).port, names);
    const { fetch } = make({ http_proxy: proxy });
    expect((await fetch("http://registry.example/", { maxBytes: 10 })).body.toString()).toBe("{}");
    expect(names).toEqual(["registry.example"]);
  });
});

function make(env: Readonly<Record<string, string>>): ReturnType<typeof createRequests> {
  const made = createRequests({ env, signal: new AbortController().signal, offline: false });
  onTestFinished(() => made.close());
  return made;
}

async function listen(
  listener: Parameters<typeof createServer>[1],
  tunnel: (url: string, authorization: string | undefined) => void = () => {},
): Promise<string> {
  const server = createServer(listener as () => void);
  server.on("connect", (request, socket) => {
    tunnel(request.url ?? "", request.headers.authorization);
    socket.end("HTTP/1.1 403 No\r\n\r\n");
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** RFC 1928, without authentication, by name only; every name is this port. */
async function socks(port: string, names: string[]): Promise<string> {
  const { createServer: createRaw } = await import("node:net");
  const server = createRaw((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write(Buffer.from([5, 0]));
      socket.once("data", (asked) => {
        names.push(asked.subarray(5, 5 + (asked[4] ?? 0)).toString());
        const there = connect(Number(port), "127.0.0.1", () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 80]));
          socket.pipe(there).pipe(socket);
        });
        there.on("error", () => {});
      });
    });
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  return `socks5h://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
