import { SourceUnavailable } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { Fetched, Host } from "../plugin.ts";
import { isAllowedUrl } from "../url.ts";
import type { Dispatcher } from "undici";

interface Options {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly offline: boolean;
}

/** GET without other credentials than the given ones: https (http on loopback only), also across redirects; retried, bounded, through the environment's proxy. */
export function createFetch(options: Options): Host["fetch"] {
  const dispatchers = new Map<boolean, Promise<Dispatcher>>();
  return async (url, { maxBytes, accept, authorization, obeysLimits = false }) => {
    if (options.offline) throw new SourceUnavailable(url, "offline");
    const dispatcher = dispatchers.get(obeysLimits) ?? connect(options.env, obeysLimits ? PASSING : [429, ...PASSING]);
    dispatchers.set(obeysLimits, dispatcher);
    return follow(await dispatcher, url, {
      maxBytes,
      accept: accept ?? "application/json",
      signal: options.signal,
      authorization,
    });
  };
}

/** Failures that may pass. */
const PASSING = [408, 500, 502, 503, 504];

async function connect(env: Options["env"], statusCodes: number[]): Promise<Dispatcher> {
  const { EnvHttpProxyAgent, interceptors } = await import("undici");
  const proxy = (name: string) => env[name.toLowerCase()] ?? env[name];
  const httpProxy = proxy("HTTP_PROXY");
  const httpsProxy = proxy("HTTPS_PROXY");
  const noProxy = proxy("NO_PROXY");
  return new EnvHttpProxyAgent({
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
  }).compose(
    interceptors.retry({
      maxRetries: LIMITS.httpRetries,
      minTimeout: 100,
      maxTimeout: 2000,
      throwOnError: false,
      statusCodes,
    }),
  );
}

interface Ask {
  readonly maxBytes: number;
  readonly accept: string;
  readonly signal: AbortSignal;
  readonly authorization: string | undefined;
}

async function follow(dispatcher: Dispatcher, start: string, ask: Ask): Promise<Fetched> {
  let url = start;
  const { authorization, ...open } = ask;
  const askFor = () => ({
    ...open,
    authorization: new URL(url).origin === new URL(start).origin ? authorization : undefined,
  });
  for (let hops = 0; hops <= LIMITS.httpRedirects; hops++) {
    const answer = await once(dispatcher, url, askFor());
    if (answer.redirect === null) return answer;
    url = new URL(answer.redirect, url).href;
    if (!isAllowedUrl(url))
      throw new SourceUnavailable(start, "redirected to a place that is neither https nor loopback");
  }
  throw new SourceUnavailable(start, `redirected more than ${LIMITS.httpRedirects} times`);
}

async function once(dispatcher: Dispatcher, url: string, ask: Ask): Promise<Fetched & { redirect: string | null }> {
  const { fetch } = await import("undici");
  const signal = AbortSignal.any([ask.signal, AbortSignal.timeout(LIMITS.httpTimeoutMs)]);
  try {
    const headers = {
      accept: ask.accept,
      "user-agent": "safe-install",
      ...(ask.authorization === undefined ? {} : { authorization: ask.authorization }),
    };
    const response = await fetch(url, { dispatcher, signal, headers, redirect: "manual", credentials: "omit" });
    const redirect = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
    const limits = Object.fromEntries([...response.headers].filter(([name]) => LIMIT.test(name)));
    return { status: response.status, body: await bounded(response.body, ask.maxBytes), limits, redirect };
  } catch (error) {
    if (ask.signal.aborted) throw ask.signal.reason;
    throw new SourceUnavailable(url, reasonOf(error));
  }
}

const LIMIT = /^(?:retry-after|x-ratelimit-[a-z]+)$/;

async function bounded(body: AsyncIterable<Uint8Array> | null, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`answer larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reasonOf(error: unknown): string {
  const { name, cause, message } = error as {
    name?: string;
    cause?: { code?: string; message?: string };
    message?: string;
  };
  if (name === "TimeoutError") return `timed out after ${LIMITS.httpTimeoutMs / 1000} s`;
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
