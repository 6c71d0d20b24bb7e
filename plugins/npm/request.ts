import { type Host, LIMITS } from "../../src/plugin.ts";
import type { FlatOptions } from "./config.ts";
import type { Registries } from "./origin.ts";
import { Buffer } from "node:buffer";
import fetch from "make-fetch-happen";
import registryFetch from "npm-registry-fetch";

export interface Wish {
  readonly accept?: string;
  /** Instead of npm's own `fetch-retries` and its companions. */
  readonly retry?: Readonly<Record<string, number>>;
}

/**
 * GET with npm's credentials, certificates, proxies and retries, and without npm's cache. Credentials go to the origin
 * that they were configured for and to no other, also across redirects: another port or protocol is another origin.
 * @throws an error with `statusCode` for every answer from 400 on, with `code` where there is no answer.
 */
export async function request(
  url: string,
  registries: Registries,
  host: Host,
  wish: Wish = {},
): Promise<AsyncIterable<Buffer>> {
  const options = optionsOf(registries, host, wish);
  const headers = headersOf(registries.flat, wish.accept);
  let place = new URL(url);
  for (let hops = 0; hops <= LIMITS.httpRedirects; hops++) {
    const isFirst = place.origin === new URL(url).origin;
    const { authorization, ...certificate } = isFirst ? credentialsFor(place, registries) : NOBODY;
    const own = authorization === null ? headers : { ...headers, authorization };
    const response = await fetch(place.href, { ...options, ...certificate, headers: own });
    const location = REDIRECTS.has(response.status) ? response.headers.get("location") : null;
    if (response.status >= 400) throw refused(response.status);
    if (location === null) return response.body;
    response.body.resume();
    place = next(place, location);
  }
  throw Object.assign(new Error("too many redirects"), { code: "EMAXREDIRECT" });
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function optionsOf({ flat }: Registries, host: Host, { retry }: Wish): Readonly<Record<string, unknown>> {
  const timeout = Math.min(flat.timeout ?? LIMITS.httpTimeoutMs, LIMITS.httpTimeoutMs);
  return {
    redirect: "manual",
    cache: "no-store",
    timeout,
    signal: AbortSignal.any([host.signal, AbortSignal.timeout(10 * timeout)]),
    retry: retry ?? flat["retry"],
    proxy: flat["httpsProxy"] ?? flat["proxy"],
    noProxy: flat["noProxy"],
    ca: flat["ca"],
    strictSSL: flat["strictSSL"],
    localAddress: flat["localAddress"],
    maxSockets: flat["maxSockets"],
  };
}

function headersOf(flat: FlatOptions, accept: string | undefined): Readonly<Record<string, string>> {
  const agent = flat["userAgent"];
  return {
    ...(typeof agent === "string" ? { "user-agent": agent } : {}),
    ...(accept === undefined ? {} : { accept }),
  };
}

interface Credentials {
  readonly authorization: string | null;
  readonly cert?: unknown;
  readonly key?: unknown;
}

const NOBODY: Credentials = { authorization: null };

/** In the clear, credentials go only where a registry was configured so. */
function credentialsFor(url: URL, { flat, origins }: Registries): Credentials {
  if (url.protocol !== "https:" && !origins.has(url.origin)) return NOBODY;
  const { token, auth, cert, key } = getAuth(url.href, flat);
  const authorization = token ? `Bearer ${token}` : auth ? `Basic ${auth}` : null;
  return { authorization, cert: cert ?? flat["cert"], key: key ?? flat["key"] };
}

type GetAuth = (
  url: string,
  flat: FlatOptions,
) => {
  readonly token?: string | null;
  readonly auth?: string | null;
  readonly cert?: string | null;
  readonly key?: string | null;
};
const { getAuth } = registryFetch as unknown as { readonly getAuth: GetAuth };

/** Never from https to anything else. */
function next(from: URL, location: string): URL {
  const to = new URL(location, from);
  const isSafe = to.protocol === "https:" || (to.protocol === "http:" && from.protocol === "http:");
  if (!isSafe) throw Object.assign(new Error("redirected out of https"), { code: "EREDIRECT_INSECURE" });
  to.username = "";
  to.password = "";
  return to;
}

function refused(statusCode: number): Error {
  return Object.assign(new Error(`answered ${statusCode}`), { statusCode });
}

/** A document as text. @throws RangeError over `packumentBytes` */
export async function readAll(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LIMITS.packumentBytes) throw new RangeError(`larger than ${LIMITS.packumentBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
