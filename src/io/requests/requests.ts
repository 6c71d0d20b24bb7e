import { Buffer } from "node:buffer";
import { performance } from "node:perf_hooks";
import { ArtifactError, SourceUnavailable } from "../../errors.ts";
import type { Ask, Fetched, Host, Retry } from "../../host.ts";
import { LIMITS } from "../../limits.ts";
import { isAllowedUrl } from "../../url.ts";
import { type Connections, openConnections } from "./connections.ts";
import { ACCEPTED_CODINGS, bounded, collect, decoded, isCoded } from "./content.ts";
import { type Reach, refuseNearer } from "./reach.ts";
import { countSilences, type Silences } from "./silences.ts";
import { pause, startDeadline, TimeUp } from "../deadline.ts";
import { exchange, type Head, limitsIn, reasonOf } from "./exchange.ts";

/** Every request of ours: one pool an origin, bounded in size and in time, also as a whole run. */
interface Requests {
  readonly fetch: (...asked: Parameters<Host["fetch"]>) => Promise<Fetched>;
  readonly request: (url: string, ask: Ask) => Promise<Fetched>;
  /** Ends every connection. */
  readonly close: () => Promise<void>;
}

interface Options {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly offline: boolean;
  /** Shorter than `LIMITS` has them. */
  readonly times?: Partial<Times>;
}

/** Bounds in time, in milliseconds. */
type Times = Readonly<Record<"httpTimeoutMs" | "stepMs" | "runMs", number>>;

/** Until `close` is called, connections are kept. */
export function createRequests({ env, signal, offline, times = {} }: Options): Requests {
  const { httpTimeoutMs, stepMs, runMs } = { ...ORDINARY, ...times };
  const connections = openConnections(env, httpTimeoutMs);
  const run = startRun(runMs);
  const silent = countSilences();
  // Without it what is asked again after a failure would open new connections, and the process would wait for them.
  const life = new AbortController();
  const interrupt = () => life.abort(signal.reason);
  signal.addEventListener("abort", interrupt, { once: true });
  if (signal.aborted) interrupt();
  return { fetch, request, close };

  async function close(): Promise<void> {
    signal.removeEventListener("abort", interrupt);
    life.abort(new Error("the run has ended"));
    await connections.close();
  }

  async function fetch(url: string, options: Parameters<Host["fetch"]>[1]): Promise<Fetched> {
    const {
      maxBytes,
      accept = "application/json",
      authorization,
      obeysLimits = false,
      receive,
      from,
      over = {},
    } = options;
    const { origin } = new URL(url);
    const bare = { accept, "user-agent": "safe-install" };
    return request(url, {
      maxBytes,
      to: (place) => ({
        headers: authorization === undefined || place.origin !== origin ? bare : { ...bare, authorization },
        over,
      }),
      mayLead: (_, to) => isAllowedUrl(to.href),
      retry: { ...SOON, statuses: (status) => PASSING.has(status) || (status === 429 && !obeysLimits) },
      ...(receive === undefined ? {} : { receive }),
      ...(from === undefined ? {} : { from }),
    });
  }

  async function request(url: string, ask: Ask): Promise<Fetched> {
    if (offline) throw new SourceUnavailable(url, "offline");
    const timeoutMs = Math.min(ask.timeoutMs ?? httpTimeoutMs, httpTimeoutMs);
    const step = startDeadline(Math.min(stepMs, run.left()), life.signal);
    try {
      return await follow(url, { ...ask, timeoutMs, signal: step.signal, connections, silent, least: "machine" });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      // Of who takes the body.
      throw error instanceof ArtifactError ? error : new SourceUnavailable(url, reasonOf(error));
    } finally {
      step.end();
    }
  }
}

const ORDINARY: Times = { httpTimeoutMs: LIMITS.httpTimeoutMs, stepMs: LIMITS.stepMs, runMs: LIMITS.runMs };

/** Failures that may pass. */
const PASSING: ReadonlySet<number> = new Set([408, 500, 502, 503, 504]);

const SOON: Omit<Retry, "statuses"> = { retries: LIMITS.httpRetries, factor: 2, minTimeout: 100, maxTimeout: 2000 };

/** Begins with the first question. */
function startRun(ms: number): { left(): number } {
  let started: number | null = null;
  return {
    left() {
      started ??= performance.now();
      return Math.max(0, ms - (performance.now() - started));
    },
  };
}

interface Step extends Ask {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly connections: Connections;
  readonly silent: Silences;
  /** As near as a place may be that is connected to. */
  readonly least: Reach;
}

/** Each place is told what belongs to it, and nothing of what another one was told. */
async function follow(start: string, step: Step): Promise<Fetched> {
  let place = new URL(start);
  let origin: Reach = step.from === undefined ? "machine" : step.connections.reachOf(new URL(step.from));
  let least: Reach = origin;
  refuseNearer(place, least);
  for (let hops = 0; hops <= LIMITS.httpRedirects; hops++) {
    const { head, body } = await persist(place, { ...step, least });
    const location = REDIRECTS.has(head.status) ? head.headers["location"] : undefined;
    if (location === undefined) return { status: head.status, body, limits: limitsIn(head) };
    if (!URL.canParse(location, place.href)) throw new Error("redirected to what is no address");
    const next = new URL(location, place);
    if (!step.mayLead(place, next)) throw new Error("redirected to a place that is neither https nor loopback");
    if (hops === 0 && step.from === undefined) origin = step.connections.reachOf(place);
    least = origin === "public" && step.isConfigured?.(next) === true ? "private" : origin;
    refuseNearer(next, least);
    next.username = "";
    next.password = "";
    place = next;
  }
  throw new Error(`redirected more than ${LIMITS.httpRedirects} times`);
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

interface Answer {
  readonly head: Head;
  readonly body: Buffer;
}

/** Asks again after what may pass; who was silent too often is asked no more: each of many questions would wait as long. */
async function persist(place: URL, step: Step): Promise<Answer> {
  const { statuses, retries } = step.retry;
  for (let attempt = 0; ; attempt++) {
    if (step.silent.count(place) >= LIMITS.httpSilences) throw new Error("not asked: it was silent before");
    const answer = await once(place, step).catch((error: unknown) => {
      if (!step.signal.aborted) step.silent.ended(place, error);
      if (attempt >= retries || !mayPass(error, step.signal)) throw error;
      return null;
    });
    if (answer !== null) step.silent.ended(place, null);
    if (answer !== null && (attempt >= retries || !statuses(answer.head.status))) return answer;
    await pause(waitMs(attempt, answer?.head, step.retry), step.signal);
  }
}

/** What the system and the connection say may pass; a step whose time is up is over, and what was answered stays as it is. */
function mayPass(error: unknown, signal: AbortSignal): boolean {
  return !signal.aborted && (error instanceof TimeUp || typeof (error as { code?: unknown }).code === "string");
}

/** `Retry-After` in seconds counts (RFC 9110, section 10.2.3) up to the longest wait. */
function waitMs(attempt: number, head: Head | undefined, { factor, minTimeout, maxTimeout }: Retry): number {
  const after = head?.headers["retry-after"] ?? "";
  const wait = /^\d{1,9}$/.test(after) ? Number(after) * 1000 : minTimeout * factor ** attempt;
  return Math.min(Math.max(wait, minTimeout), maxTimeout);
}

async function once(place: URL, step: Step): Promise<Answer> {
  const { maxBytes, signal, timeoutMs, receive, mayBeCoded = receive === undefined } = step;
  const { headers, over } = step.to(place);
  const dispatcher = await step.connections.to(place, over, step.least);
  const streams = ({ status, headers: { "content-encoding": coding } }: Head) =>
    receive !== undefined && status < 300 && !isCoded(coding);
  const kept = collect(receive === undefined ? maxBytes : Math.min(maxBytes, LIMITS.codedBytes));
  const head = await exchange(dispatcher, {
    place,
    ...(step.post === undefined ? {} : { post: step.post }),
    headers: { ...headers, "accept-encoding": mayBeCoded ? ACCEPTED_CODINGS : "identity" },
    signal,
    timeoutMs,
    receive: (head) => (streams(head) ? bounded(receive!(), maxBytes) : head.status < 300 ? kept.take : null),
  });
  if (streams(head)) return { head, body: NOTHING };
  const content = collect(maxBytes);
  const take = receive === undefined || head.status >= 300 ? content.take : bounded(receive(), maxBytes);
  for await (const chunk of decoded(kept.chunks, head.headers["content-encoding"])) take(chunk);
  return { head, body: Buffer.concat(content.chunks) };
}

const NOTHING = Buffer.alloc(0);
