import { type Host, LIMITS } from "../../src/plugin.ts";
import type { PipOptions } from "./words.ts";

/**
 * The host as the user's pip reaches the network: its `proxy` and `cert` hold for every place that is asked, as they do for
 * indexes. Certificates come beside those that count anyway: a source need not be behind what signs for the index.
 */
export async function asConfigured(
  host: Host,
  { proxy = null, cert = null }: Pick<PipOptions, "proxy" | "cert">,
): Promise<Host> {
  const extra = cert === null ? null : await textOf(cert, host);
  if (proxy === null && extra === null) return host;
  const over = {
    ...(proxy === null
      ? {}
      : { proxies: { http: proxy, https: proxy, no: host.env["no_proxy"] ?? host.env["NO_PROXY"] } }),
    ...(extra === null ? {} : { alsoCa: [...(await ofNode(host)), extra] }),
  };
  return { ...host, fetch: (url, options) => host.fetch(url, { ...options, over }) };
}

/** What Node would take beside its own, and no longer does where any are named. */
async function ofNode(host: Host): Promise<readonly string[]> {
  const named = host.env["NODE_EXTRA_CA_CERTS"] ?? "";
  const text = named === "" ? null : await textOf(named, host);
  return text === null ? [] : [text];
}

async function textOf(file: string, host: Host): Promise<string | null> {
  const bytes = await host.read(file, { maxBytes: LIMITS.manifestBytes }).catch(() => null);
  return bytes?.toString("utf8") ?? null;
}
