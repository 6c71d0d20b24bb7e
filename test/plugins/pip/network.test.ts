import { asConfigured } from "../../../plugins/pip/network.ts";
import type { Host } from "../../../src/plugin.ts";
import { expect, it } from "vitest";

const FILES: Readonly<Record<string, string>> = { "/etc/company.pem": "COMPANY", "/etc/node.pem": "NODE" };

/** Over what a host that is so configured asks. */
async function over(options: Parameters<typeof asConfigured>[1], env: Host["env"] = {}) {
  let asked: unknown = "as ever";
  const host = {
    env,
    read: async (file: string) => (FILES[file] === undefined ? null : Buffer.from(FILES[file])),
    fetch: async (_: string, { over: own }: Parameters<Host["fetch"]>[1]) => {
      asked = own ?? asked;
      return { status: 200, body: Buffer.alloc(0) };
    },
  } as unknown as Host;
  await (await asConfigured(host, options)).fetch("https://x.example", { maxBytes: 1 });
  return asked;
}

const PROXY = "http://proxy.example:3128";

it("a proxy of pip's is every place's, but for what the environment names as near", async () => {
  expect(await over({ proxy: PROXY })).toEqual({ proxies: { http: PROXY, https: PROXY, no: undefined } });
  expect(await over({ proxy: PROXY }, { NO_PROXY: "a", no_proxy: "b" })).toMatchObject({ proxies: { no: "b" } });
});

it("certificates of pip's come beside those that count anyway", async () => {
  expect(await over({ cert: "/etc/company.pem" })).toEqual({ alsoCa: ["COMPANY"] });
  const env = { NODE_EXTRA_CA_CERTS: "/etc/node.pem" };
  expect(await over({ cert: "/etc/company.pem" }, env)).toEqual({ alsoCa: ["NODE", "COMPANY"] });
});

it.each([{}, { proxy: null, cert: null }, { cert: "/nowhere" }])("%j: as ever", async (options) =>
  expect(await over(options)).toBe("as ever"),
);
