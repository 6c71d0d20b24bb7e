import { SourceUnavailable } from "../errors.ts";
import type { Host } from "../host.ts";
import { startDeadline } from "../io/deadline.ts";
import { LIMITS } from "../limits.ts";
import type { Refreshed } from "../model/trust.ts";
import { expiryOf } from "./held.ts";
import type { TrustRepository } from "./repository.ts";
import { heldOf, keepHeld, markTried } from "./state.ts";
import { NotServed, type Serve, update } from "./update.ts";

export type TrustHost = Pick<Host, "fetch" | "temporary" | "trust" | "now" | "signal" | "offline" | "notice">;

/** Asks the repository, once in a run whoever wants it. What fails changes nothing of what is held. Never throws. */
export function refresh(
  repository: TrustRepository,
  host: TrustHost,
  stepMs: number = LIMITS.trustStepMs,
): Promise<Refreshed> {
  const { refreshes } = host.trust;
  const under = refreshes.get(repository.key);
  if (under !== undefined) return under;
  const begun = refreshOnce(repository, host, stepMs);
  refreshes.set(repository.key, begun);
  return begun;
}

/** Whether the network may be asked for it at all. */
export function mayRefresh({ offline, trust }: Pick<Host, "offline" | "trust">): boolean {
  return !offline && trust.settings.refreshes;
}

async function refreshOnce(repository: TrustRepository, host: TrustHost, stepMs: number): Promise<Refreshed> {
  const newest: { timestamp?: Buffer } = {};
  const deadline = startDeadline(stepMs, host.signal);
  try {
    await markTried(repository, host);
    const [present, folder] = await Promise.all([heldOf(repository, host), host.temporary("trust")]);
    const serve = noting(served(host), newest);
    const work = update(repository, present, { serve, folder, now: host.now() });
    const held = await orEnded(work, deadline.signal);
    await keepHeld(repository, held, host);
    return { held };
  } catch (error) {
    return { reason: reasonOf(error, newest.timestamp, host.now()) };
  } finally {
    deadline.end();
  }
}

/** A repository that answers slowly is given up, whatever its connection does. */
function orEnded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => {});
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason as Error);
    if (signal.aborted) give();
    signal.addEventListener("abort", give, { once: true });
    work.then(resolve, reject);
  });
}

/** Through the one way of making requests: proxy, company CA, deadlines and bounds are those of every request. */
function served(host: Pick<Host, "fetch">): Serve {
  return async (url, maxBytes) => {
    const { status, body } = await host.fetch(url, { maxBytes, accept: "application/json, */*" });
    if (status === 200) return body;
    if (status === 403 || status === 404) throw new NotServed(url, status);
    throw new SourceUnavailable(url, String(status));
  };
}

function noting(serve: Serve, newest: { timestamp?: Buffer }): Serve {
  return async (url, maxBytes) => {
    const bytes = await serve(url, maxBytes);
    if (url.endsWith("/timestamp.json")) newest.timestamp = bytes;
    return bytes;
  };
}

/** A frozen repository and a clock that is ahead look alike: both are said, with both times. */
export function reasonOf(error: unknown, timestamp: Buffer | undefined, now: Date): string {
  const { message } = error as Error;
  if (error instanceof SourceUnavailable) return `${error.location}: ${error.reason}`;
  if (!/expired/i.test(message)) return `its repository does not hold: ${message}`;
  const ended = timestamp === undefined ? null : expiryOf({ metadata: { "timestamp.json": timestamp } });
  const when = ended === null ? "" : ` on ${dayOf(ended)}`;
  const clock = `the clock here says ${dayOf(now)}`;
  return `what its repository serves expired${when}, and ${clock}: it is frozen, or the clock is wrong (${message})`;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
