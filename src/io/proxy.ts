import type { Proxies } from "../host.ts";

/** `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, each also in small letters, which win; https goes through the first where only that is there. */
export function proxiesOf(env: Readonly<Record<string, string | undefined>>): Proxies {
  const http = env["http_proxy"] ?? env["HTTP_PROXY"];
  const https = env["https_proxy"] ?? env["HTTPS_PROXY"] ?? http;
  return { http, https, no: env["no_proxy"] ?? env["NO_PROXY"] };
}

/** The proxy to ask for a place, or null: directly. @throws TypeError where what is configured is no address. */
export function proxyFor(place: URL, { http, https, no = "" }: Proxies): URL | null {
  const proxy = place.protocol === "https:" ? https : http;
  if (proxy === undefined || proxy === "" || isDirect(place, no)) return null;
  // As curl: an address without a scheme is one of http.
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  if (!URL.canParse(address)) throw new TypeError("the configured proxy is no address");
  return new URL(address);
}

/** A host, a domain with or without a dot before it, each with a port or not; `*` is every host. */
function isDirect(place: URL, no: string): boolean {
  const host = place.hostname.toLowerCase();
  const port = place.port || (place.protocol === "https:" ? "443" : "80");
  return no
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      const { name, at } = /^(?<name>.+?|\[.+\])(?::(?<at>\d+))?$/.exec(entry)?.groups ?? {};
      const domain = (name ?? "").replace(/^\*?\./, "");
      if (domain === "" || (at !== undefined && at !== port)) return false;
      return domain === "*" || host === domain || host.endsWith(`.${domain}`);
    });
}
