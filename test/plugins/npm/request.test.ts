import type { FlatOptions } from "../../../plugins/npm/config.ts";
import { registriesOf } from "../../../plugins/npm/origin.ts";
import { request, requestThin } from "../../../plugins/npm/request.ts";
import { type Host, SourceUnavailable } from "../../../src/plugin.ts";
import { describe, expect, it } from "vitest";

type Asked = Parameters<Host["request"]>[1];
type Options = Parameters<typeof request>[3];

const URL_ASKED = "https://npm.example/widget";

interface Told {
  readonly url?: string;
  readonly flat?: Readonly<Record<string, unknown>>;
  readonly env?: Host["env"];
  readonly asked?: Partial<Options>;
  readonly status?: number;
}

/** What the outside world is asked, in place of asking it. */
async function ask({ url = URL_ASKED, flat = {}, env = {}, asked = {}, status = 200 }: Told = {}) {
  const seen: Asked[] = [];
  const host = {
    env,
    request: (_: string, one: Asked) => {
      seen.push(one);
      return Promise.resolve({ status, body: Buffer.from("answer") });
    },
  } as unknown as Host;
  const all = { registry: "https://npm.example/", omit: [], cache: "", ...flat } as FlatOptions;
  const body = await request(url, registriesOf(all, "never", []), host, { maxBytes: 7, ...asked });
  const [first] = seen;
  if (first === undefined) throw new TypeError("nothing was asked");
  const to = (place = url) => first.to(new URL(place));
  return { asked: first, to, over: to().over, headers: to().headers, body };
}

describe("what is sent", () => {
  it("npm's name and what is accepted, where there is any", async () => {
    expect((await ask()).headers).toEqual({});
    const { headers } = await ask({ flat: { userAgent: "npm/11" }, asked: { accept: "application/json" } });
    expect(headers).toEqual({ "user-agent": "npm/11", accept: "application/json" });
    expect((await ask({ flat: { userAgent: 7 } })).headers).toEqual({});
  });

  const TOKEN = { "//npm.example/:_authToken": "secret" };
  it.each([
    ["a token", TOKEN, "Bearer secret"],
    ["a name and a password", { "//npm.example/:_auth": "dXNlcg==" }, "Basic dXNlcg=="],
    ["nothing that is for another host", { "//other.example/:_authToken": "secret" }, undefined],
  ])("%s to whom it is for", async (_, flat, authorization) => {
    expect((await ask({ flat })).headers["authorization"]).toBe(authorization);
  });

  it("to nobody else: another host, port or protocol, or where nobody is to know who asks", async () => {
    const { to } = await ask({ flat: TOKEN });
    expect(to("https://npm.example/other").headers["authorization"]).toBe("Bearer secret");
    for (const place of ["https://other.example/x", "https://npm.example:8443/x", "http://npm.example/x"])
      expect(to(place).headers["authorization"]).toBeUndefined();
    expect((await ask({ flat: TOKEN, asked: { anonymous: true } })).headers["authorization"]).toBeUndefined();
  });

  it("in the clear only where the registry itself is configured so", async () => {
    const flat = { "//npm.example/:_authToken": "secret" };
    const url = "http://npm.example/widget";
    expect((await ask({ url, flat })).headers["authorization"]).toBeUndefined();
    const open = { ...flat, registry: "http://npm.example/" };
    expect((await ask({ url, flat: open })).headers["authorization"]).toBe("Bearer secret");
  });

  it.each([
    ["https://us%40er:pass@npm.example/x", "us@er:pass"],
    ["https://user@npm.example/x", "user:"],
    ["https://:pass@npm.example/x", ":pass"],
  ])("what the address itself carries: %s", async (url, pair) => {
    const basic = `Basic ${Buffer.from(pair).toString("base64")}`;
    expect((await ask({ url })).headers["authorization"]).toBe(basic);
    expect((await ask({ url, flat: TOKEN })).headers["authorization"]).toBe("Bearer secret");
  });

  it("a certificate with its key, and no half of them", async () => {
    expect((await ask({ flat: { cert: "C", key: "K" } })).over).toMatchObject({ cert: "C", key: "K" });
    for (const flat of [{ cert: "C" }, { key: "K" }, { cert: "", key: "K" }])
      expect(Object.keys((await ask({ flat })).over ?? {})).not.toContain("cert");
    const { to } = await ask({ flat: { cert: "C", key: "K" } });
    expect(Object.keys(to("https://other.example/x").over ?? {})).not.toContain("key");
  });

  it("an archive's credentials may be those of its scope", async () => {
    const flat = { "@acme:registry": "https://acme.example/npm/", "//acme.example/npm/:_authToken": "theirs" };
    const url = "https://acme.example/files/w.tgz";
    expect((await ask({ url, flat, asked: { of: "@acme/w" } })).headers["authorization"]).toBe("Bearer theirs");
    expect((await ask({ url, flat })).headers["authorization"]).toBeUndefined();
    expect((await ask({ url, flat, asked: { of: "w" } })).headers["authorization"]).toBeUndefined();
  });
});

describe("how it is connected", () => {
  const proxies = async (flat: object, env: Host["env"] = {}) =>
    (await ask({ flat: { ...flat }, env })).over?.proxies as object;

  it("through npm's proxy, that of https before that of all", async () => {
    expect(await proxies({})).toEqual({ http: undefined, https: undefined, no: undefined });
    expect(await proxies({ proxy: "http://p" })).toEqual({ http: "http://p", https: "http://p", no: undefined });
    expect(await proxies({ proxy: "http://p", httpsProxy: "http://s" })).toMatchObject({ https: "http://s" });
  });

  it("else through that of the environment, in small letters or large ones", async () => {
    const env = { https_proxy: "http://s", http_proxy: "http://h", proxy: "http://p", no_proxy: "n" };
    expect(await proxies({}, env)).toEqual({ http: "http://s", https: "http://s", no: "n" });
    expect(await proxies({}, { HTTP_PROXY: "http://h", PROXY: "http://p", NO_PROXY: "n" })).toEqual({
      http: "http://h",
      https: undefined,
      no: "n",
    });
    expect(await proxies({}, { PROXY: "http://p", https_proxy: "" })).toMatchObject({ http: "http://p" });
    expect(await proxies({ proxy: "http://own", noProxy: ["a", "b"] }, env)).toEqual({
      http: "http://own",
      https: "http://own",
      no: "a,b",
    });
  });

  it("with as many connections as npm has, over certificates that are checked unless it is told not to", async () => {
    expect((await ask()).over).toMatchObject({ connections: 15, rejectUnauthorized: true });
    const { over } = await ask({ flat: { maxSockets: 3, strictSSL: false, ca: ["A"], localAddress: "127.0.0.1" } });
    expect(over).toMatchObject({ connections: 3, rejectUnauthorized: false, ca: ["A"], localAddress: "127.0.0.1" });
    expect((await ask({ flat: { ca: "A", strictSSL: true } })).over).toMatchObject({
      ca: "A",
      rejectUnauthorized: true,
    });
    for (const ca of [null, undefined, ""])
      expect(Object.keys((await ask({ flat: { ca } })).over ?? {})).not.toContain("ca");
    expect(Object.keys((await ask()).over ?? {})).not.toContain("localAddress");
  });

  it("for as long as npm waits, and as often as it asks again", async () => {
    const { asked } = await ask({
      flat: { timeout: 300, retry: { retries: 1, factor: 2, minTimeout: 3, maxTimeout: 4 } },
    });
    expect(asked).toMatchObject({ timeoutMs: 300, retry: { retries: 1, factor: 2, minTimeout: 3, maxTimeout: 4 } });
    expect((await ask()).asked.retry).toMatchObject({ retries: 0, factor: 10, minTimeout: 10_000, maxTimeout: 60_000 });
    expect((await ask()).asked.timeoutMs).toBeGreaterThan(1000);
    const own = { retries: 9, factor: 9, minTimeout: 9, maxTimeout: 9 };
    expect((await ask({ asked: { retry: own } })).asked.retry).toMatchObject(own);
  });

  it("again where the answer may be another one the next time", async () => {
    const { statuses } = (await ask()).asked.retry ?? {};
    const again = [200, 400, 404, 408, 409, 420, 428, 429, 499, 500, 503, 599].filter((status) => statuses?.(status));
    expect(again).toEqual([408, 420, 429, 500, 503, 599]);
  });

  it("on to where it is led, but never out of https", async () => {
    const { mayLead } = (await ask()).asked;
    const leads = (from: string, to: string) => mayLead(new URL(from), new URL(to));
    expect(leads("https://a/", "https://b/")).toBe(true);
    expect(leads("http://a/", "https://b/")).toBe(true);
    expect(leads("http://a/", "http://b/")).toBe(true);
    expect(leads("https://a/", "http://b/")).toBe(false);
    expect(leads("http://a/", "ftp://b/")).toBe(false);
    expect(leads("https://a/", "file:///b")).toBe(false);
  });

  it("to a private network where a registry is configured there", async () => {
    const { isConfigured } = (await ask({ flat: { "@acme:registry": "http://10.0.0.1:4873/x/" } })).asked;
    const all = ["https://npm.example/x", "http://10.0.0.1:4873/", "http://10.0.0.1/", "https://other.example/"];
    expect(all.map((one) => isConfigured?.(new URL(one)))).toEqual([true, true, false, false]);
  });
});

describe("the answer", () => {
  it("is its body, of the length that is asked for", async () => {
    const { body, asked } = await ask();
    expect(body.toString()).toBe("answer");
    expect(asked).toMatchObject({ maxBytes: 7 });
    expect(Object.keys(asked)).not.toContain("receive");
  });

  it("goes to whom it is for, unpacked where it may come packed", async () => {
    const receive = () => () => {};
    for (const mayBeCoded of [true, false])
      expect((await ask({ asked: { receive, mayBeCoded } })).asked).toMatchObject({ receive, mayBeCoded });
    expect((await ask({ asked: { receive } })).asked.mayBeCoded).toBe(false);
  });

  it("is an error with its status from 400 on", async () => {
    await expect(ask({ status: 399 })).resolves.toBeDefined();
    for (const status of [400, 404, 500])
      await expect(ask({ status })).rejects.toMatchObject({ statusCode: status, message: `answered ${status}` });
  });

  it("that is none does not say the password of the address", async () => {
    const failing = (error: Error) =>
      request(
        URL_ASKED,
        registriesOf({ registry: "https://npm.example/", omit: [], cache: "" }, "never", []),
        { env: {}, request: () => Promise.reject(error) } as unknown as Host,
        { maxBytes: 1 },
      );
    const error = await failing(new SourceUnavailable("https://user:s3cret@npm.example/x", "why")).catch(
      (one: unknown) => one,
    );
    expect(error).toBeInstanceOf(SourceUnavailable);
    expect(error).toMatchObject({ reason: "why" });
    expect(JSON.stringify([error, String(error)])).not.toContain("s3cret");
    await expect(failing(new TypeError("other"))).rejects.toThrow("other");
  });

  it("of a packument is read as it comes, unpacked, from the beginning each time", async () => {
    const seen: Asked[] = [];
    const host = {
      env: {},
      request: (_: string, one: Asked) => {
        seen.push(one);
        one.receive?.()(Buffer.from('{"name":"torn'));
        one.receive?.()(Buffer.from('{"name":"widget","readme":"long"}'));
        return Promise.resolve({ status: 200, body: Buffer.alloc(0) });
      },
    } as unknown as Host;
    const all = { registry: "https://npm.example/", omit: [], cache: "" } as FlatOptions;
    const thin = await requestThin(URL_ASKED, registriesOf(all, "never", []), host, {
      accept: "application/json",
      sought: new Map([["name", true]]),
    });
    expect(thin.end()).toBe('{"name":"widget"}');
    expect(seen[0]).toMatchObject({ mayBeCoded: true });
    expect(seen[0]?.maxBytes).toBeGreaterThan(7);
  });
});
