import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { rootCertificates } from "node:tls";
import type { Connection, Proxies } from "../../host.ts";
import { lookupAtLeast, type Reach, reachOf, reachOfLiteral } from "./reach.ts";
import type { buildConnector, Dispatcher } from "undici";

/** Who carries requests: one pool an origin, connections kept alive; one set of pools for each way of connecting. */
export interface Connections {
  /** @throws TypeError where a proxy is configured that is none. */
  to(place: URL, over: Connection, least: Reach): Promise<Dispatcher>;
  /** How far away the address is that a place was last connected at; by its number where a proxy connects. */
  reachOf(place: URL): Reach;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/**
 * By HTTP/1.1 alone: over HTTP/2 an answer that is cut off could not be told from a whole one (`requests.h2.test.ts`).
 * Connects within `timeoutMs`, through the environment's proxies where a way of connecting names none of its own.
 */
export function openConnections(env: Readonly<Record<string, string | undefined>>, timeoutMs: number): Connections {
  const opened = new Map<string, Promise<Dispatcher>>();
  const sockets = new Set<Socket>();
  const addresses = new Map<string, string>();
  return { to, reachOf: reached, close };

  function reached(place: URL): Reach {
    const address = addresses.get(place.host);
    return address === undefined ? (reachOfLiteral(place) ?? "public") : reachOf(address);
  }

  async function to(place: URL, over: Connection, least: Reach): Promise<Dispatcher> {
    const proxy = proxyFor(place, over.proxies ?? proxiesOf(env));
    const { proxies: _, ...way } = over;
    const key = JSON.stringify([proxy?.href, way, least]);
    const known = opened.get(key) ?? open(way, proxy, least);
    opened.set(key, known);
    return known;
  }

  async function open(way: Omit<Connection, "proxies">, proxy: URL | null, least: Reach): Promise<Dispatcher> {
    const { Agent, buildConnector, Pool, ProxyAgent, Socks5ProxyAgent } = await import("undici");
    const { connections = null, localAddress, cert, key, alsoCa, ...rest } = way as Way;
    const trust = alsoCa === undefined ? rest : { ...rest, ca: [...rootCertificates, ...alsoCa] };
    const own = { connections, headersTimeout: 0, bodyTimeout: 0 };
    const within = { timeout: timeoutMs, ...(localAddress === undefined ? {} : { localAddress }) };
    const toOrigin = { ...trust, ...(cert === undefined || key === undefined ? {} : { cert, key }), ...within };
    if (proxy === null) {
      const nowhereNear = least === "machine" ? {} : { lookup: lookupAtLeast(least) };
      return new Agent({ ...own, connect: kept(buildConnector({ ...toOrigin, ...nowhereNear }), addresses) });
    }
    const { username, password } = proxy;
    if (!HTTP.has(proxy.protocol)) {
      const login = { username: decoded(username), password: decoded(password) };
      const connect = kept(buildConnector(within));
      return new Socks5ProxyAgent(socks5(proxy), { ...own, ...login, connect, requestTls: toOrigin } as object);
    }
    const pair = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64");
    // The proxy sees no client certificate: that belongs to the origin behind it.
    const toProxy = { ...trust, ...within };
    return new ProxyAgent({
      ...own,
      uri: proxy.origin,
      ...(username === "" ? {} : { token: `Basic ${pair}` }),
      // A place without TLS is asked through the proxy as such, not through a tunnel, as the installers do.
      proxyTunnel: false,
      requestTls: toOrigin,
      proxyTls: toProxy,
      clientFactory: (origin, options) =>
        new Pool(origin, { ...options, headersTimeout: timeoutMs, connect: kept(buildConnector(toProxy)) }),
    });
  }

  /** A connection that is still being made outlives its pool: only its socket can be ended. */
  function kept(connect: buildConnector.connector, noted?: Map<string, string>): buildConnector.connector {
    return (options, callback) => {
      const socket = connect(options, callback) as unknown as Socket;
      socket.once("connect", () => noted?.set(options.host ?? options.hostname, socket.remoteAddress ?? ""));
      sockets.add(socket);
      socket.once("close", () => void sockets.delete(socket));
    };
  }

  async function close(): Promise<void> {
    const all = await Promise.allSettled(opened.values());
    opened.clear();
    const open = all.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    await Promise.allSettled(open.map((one) => one.destroy()));
    for (const socket of sockets) socket.destroy();
  }
}

interface Way extends Omit<Connection, "proxies"> {
  readonly ca?: string | string[];
}

const HTTP: ReadonlySet<string> = new Set(["http:", "https:"]);

/** @throws TypeError for what is none of SOCKS, and for its older protocols, which not all carry names. */
function socks5({ protocol, host }: URL): string {
  if (["socks:", "socks5:", "socks5h:"].includes(protocol)) return `socks5://${host}`;
  throw new TypeError(`a proxy of ${protocol.slice(0, -1)} is not supported; http, https and socks5h are`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

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
