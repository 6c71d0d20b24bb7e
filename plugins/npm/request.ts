import {
  type Connection,
  type Host,
  LIMITS,
  type Retry,
  type SoughtMembers,
  SourceUnavailable,
  type Thin,
  thinJson,
} from "../../src/plugin.ts";
import type { FlatOptions } from "./config.ts";
import { type Registries, withoutCredentials } from "./origin.ts";
import { Buffer } from "node:buffer";
import { npmAuth } from "./private.ts";

interface RequestOptions {
  readonly accept?: string;
  /** Instead of npm's own `fetch-retries` and its companions. */
  readonly retry?: Omit<Retry, "statuses">;
  /** Of the body, unpacked. */
  readonly maxBytes: number;
  /** Takes the body as it comes; called for each attempt, which begins anew. */
  readonly receive?: () => (chunk: Buffer) => void;
  /** The package whose archive it is: npm asks for it with what its scope's registry knows, wherever on that host it lies. */
  readonly of?: string;
  /** With nobody's credentials, also to an origin that has some. */
  readonly anonymous?: boolean;
  /** With `receive`: a body that the server packs for the way is unpacked. An archive is packed already. */
  readonly mayBeCoded?: boolean;
}

/**
 * GET with npm's credentials, certificates, proxies and retries, and without npm's cache. Credentials go to the origin
 * that they were configured for and to no other, also across redirects: another port or protocol is another origin.
 * @returns the body; nothing where `receive` took it.
 * @throws an error with `statusCode` for every answer from 400 on; SourceUnavailable where there is no answer.
 */
export async function request(url: string, registries: Registries, host: Host, asked: RequestOptions): Promise<Buffer> {
  const { flat } = registries;
  const { accept, retry = retryOf(flat), maxBytes, of, receive, mayBeCoded, anonymous = false } = asked;
  const headers = headersOf(flat, accept);
  const connection = connectionOf(flat, host.env);
  const answer = await host
    .request(url, {
      maxBytes,
      to(place) {
        const isKnown = !anonymous && place.origin === new URL(url).origin;
        const { authorization, ...certificate } = isKnown ? credentialsFor(place, registries, of) : NOBODY;
        const own = authorization === null ? headers : { ...headers, authorization };
        return { headers: own, over: { ...connection, ...certificate } };
      },
      mayLead,
      isConfigured: ({ origin }) => registries.origins.has(origin),
      retry: { ...retry, statuses: (status) => status >= 500 || AGAIN.has(status) },
      timeoutMs: flat.timeout || LIMITS.httpTimeoutMs,
      ...(receive === undefined ? {} : { receive, mayBeCoded: mayBeCoded === true }),
    })
    .catch(withoutSecrets);
  if (answer.status >= 400) throw refused(answer.status);
  return answer.body;
}

/** As npm's own library asks again. */
const AGAIN: ReadonlySet<number> = new Set([408, 420, 429]);

/** What npm does where nothing is configured is in its configuration. */
function retryOf(flat: FlatOptions): Omit<Retry, "statuses"> {
  const {
    retries = 0,
    factor = 10,
    minTimeout = 10_000,
    maxTimeout = 60_000,
  } = (flat["retry"] ?? {}) as Partial<Retry>;
  return { retries, factor, minTimeout, maxTimeout };
}

/** What npm's libraries take from its configuration, and from the environment where that says nothing. */
function connectionOf(flat: FlatOptions, env: Host["env"]): Connection {
  const proxy = textIn(flat["httpsProxy"]) ?? textIn(flat["proxy"]);
  const from = (name: string) => textIn(env[name]) ?? textIn(env[name.toUpperCase()]);
  const https = proxy ?? from("https_proxy");
  const http = https ?? from("http_proxy") ?? from("proxy");
  const ca = flat["ca"] as string | readonly string[] | null | undefined;
  const localAddress = textIn(flat["localAddress"]);
  return {
    proxies: { http, https, no: textIn(flat["noProxy"]) ?? from("no_proxy") },
    connections: Number(flat["maxSockets"]) || 15,
    rejectUnauthorized: flat["strictSSL"] !== false,
    ...(ca === null || ca === undefined || ca === "" ? {} : { ca }),
    ...(localAddress === undefined ? {} : { localAddress }),
  };
}

function textIn(value: unknown): string | undefined {
  const text = Array.isArray(value) ? value.join(",") : value;
  return typeof text === "string" && text !== "" ? text : undefined;
}

function headersOf(flat: FlatOptions, accept: string | undefined): Readonly<Record<string, string>> {
  const agent = flat["userAgent"];
  return {
    ...(typeof agent === "string" ? { "user-agent": agent } : {}),
    ...(accept === undefined ? {} : { accept }),
  };
}

/**
 * A packument, or what is sought of it.
 * @throws as `request`
 */
export async function requestThin(
  url: string,
  registries: Registries,
  host: Host,
  asked: Pick<RequestOptions, "accept" | "retry"> & { readonly sought: SoughtMembers },
): Promise<Thin> {
  let thin = thinJson(asked.sought, LIMITS.evidenceBytes);
  await request(url, registries, host, {
    ...asked,
    maxBytes: LIMITS.packumentBytes,
    mayBeCoded: true,
    receive: () => (thin = thinJson(asked.sought, LIMITS.evidenceBytes)).take,
  });
  return thin;
}

interface Credentials {
  readonly authorization: string | null;
  readonly cert?: string;
  readonly key?: string;
}

const NOBODY: Credentials = { authorization: null };

/** In the clear, credentials go only where a registry was configured so. */
function credentialsFor(url: URL, { flat, origins }: Registries, of: string | undefined): Credentials {
  if (url.protocol !== "https:" && !origins.has(url.origin)) return NOBODY;
  // Over the configuration, not a copy of its hundreds of members for each request.
  const asked = of === undefined ? flat : (Object.create(flat, { spec: { value: of } }) as FlatOptions);
  const { token, auth, cert, key } = npmAuth(url.href, asked);
  const authorization = token ? `Bearer ${token}` : auth ? `Basic ${auth}` : inAddress(url);
  return { authorization, ...certificateOf(cert ?? flat["cert"], key ?? flat["key"]) };
}

/** `https://user:password@host`, where npm's configuration has nothing else for the place. */
function inAddress({ username, password }: URL): string | null {
  if (username === "" && password === "") return null;
  const pair = [username, password].map((part) => decodeURIComponent(part)).join(":");
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

function certificateOf(cert: unknown, key: unknown): Pick<Credentials, "cert" | "key"> {
  const [own, secret] = [textIn(cert), textIn(key)];
  return own === undefined || secret === undefined ? {} : { cert: own, key: secret };
}

/** Never from https to anything else. */
function mayLead(from: URL, to: URL): boolean {
  return to.protocol === "https:" || (to.protocol === "http:" && from.protocol === "http:");
}

/** A registry's address may carry a password. */
function withoutSecrets(error: unknown): never {
  if (!(error instanceof SourceUnavailable)) throw error;
  throw new SourceUnavailable(withoutCredentials(error.location), error.reason);
}

function refused(statusCode: number): Error {
  return Object.assign(new Error(`answered ${statusCode}`), { statusCode });
}
