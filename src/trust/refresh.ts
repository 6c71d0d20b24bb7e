import { SourceUnavailable } from "../errors.ts";
import type { Host } from "../host.ts";
import { startDeadline, TimeUp } from "../io/deadline.ts";
import { LIMITS } from "../limits.ts";
import type { HeldTrust, LastGood, Refreshed } from "../model/trust.ts";
import { ageText, expiryOf } from "./held.ts";
import { type TrustRepository, TRUSTED_ROOT } from "./repository.ts";
import { heldOf, isDue, keepHeld, markTried } from "./state.ts";
import { NotServed, type Serve, update } from "./update.ts";

export type TrustHost = Pick<Host, "fetch" | "temporary" | "trust" | "now" | "signal" | "offline" | "notice">;

/** Asks the repository, once in a run whoever wants it. What fails changes nothing of what is held. Never throws. */
export function refresh(
  repository: TrustRepository,
  host: TrustHost,
  stepMs: number = LIMITS.trustStepMs,
): Promise<Refreshed> {
  const { refreshes } = host.trust;
  const once = () => refreshOnce(repository, host, { stepMs });
  const begun = refreshes.get(repository.key)?.then((found) => (isQuiet(found) ? aloud(found, once) : found)) ?? once();
  refreshes.set(repository.key, begun);
  return begun;
}

/** The same in passing: nobody waits for it, a name that is hard to look up is left alone, and only what is worth it is said. */
export function refreshBeside(repository: TrustRepository, host: TrustHost): void {
  const { refreshes } = host.trust;
  if (refreshes.has(repository.key)) return;
  refreshes.set(repository.key, refreshOnce(repository, host, { stepMs: LIMITS.trustStepMs, beside: true }));
}

type Quiet = Exclude<Refreshed, { readonly held: unknown }> & { readonly quiet: "unreached" | "unasked" };

function isQuiet(found: Refreshed): found is Quiet {
  return "reason" in found && found.quiet !== undefined;
}

/** Somebody needs it now. */
function aloud({ quiet, ...failed }: Quiet, once: () => Promise<Refreshed>): Promise<Refreshed> | Refreshed {
  return quiet === "unasked" ? once() : failed;
}

/** Whether the network may be asked for it at all. */
export function mayRefresh({ offline, trust }: Pick<Host, "offline" | "trust">): boolean {
  return !offline && trust.settings.refreshes;
}

interface How {
  readonly stepMs: number;
  readonly beside?: boolean;
}

async function refreshOnce(
  repository: TrustRepository,
  host: TrustHost,
  { stepMs, beside = false }: How,
): Promise<Refreshed> {
  const newest: { timestamp?: Buffer } = {};
  const deadline = startDeadline(stepMs, host.signal);
  try {
    await markTried(repository, host);
    if (beside && !(await isWorthAsking(repository, host))) return { reason: "not asked", quiet: "unasked" };
    const [present, folder] = await Promise.all([heldOf(repository, host), host.temporary("trust")]);
    const serve = noting(served(host), newest);
    const work = update(repository, present, { serve, folder, now: host.now() });
    const held = await orEnded(work, deadline.signal);
    await keepHeld(repository, held, host);
    return { held };
  } catch (error) {
    const reason = reasonOf(error, newest.timestamp, host.now());
    const present = await heldOf(repository, host);
    const stands = standing(repository, present, host.now());
    const quiet = beside && !isAnswer(error) && !isOld(present, host.now());
    return quiet ? { reason, stands, quiet: "unreached" } : { reason, stands };
  } finally {
    deadline.end();
  }
}

/** What cannot be remembered would be asked for at every run, for nothing. */
async function isWorthAsking(repository: TrustRepository, host: TrustHost): Promise<boolean> {
  return !(await isDue(repository, host)) && host.trust.isNear(repository.mirror);
}

/** What a repository said, and it does not hold; else nobody answered, or something on the way did. */
function isAnswer(error: unknown): boolean {
  return !(
    error instanceof SourceUnavailable ||
    error instanceof TimeUp ||
    Object.hasOwn(error as Error, "statusCode")
  );
}

function isOld(held: HeldTrust | null, now: Date): boolean {
  const ends = held === null ? null : expiryOf(held);
  return ends !== null && ends <= now;
}

/** Which root counts as it was, and how old that is. */
function standing({ name, seed }: TrustRepository, held: HeldTrust | null, now: Date): LastGood {
  return { name, age: ageText(held, seed[TRUSTED_ROOT] !== undefined, now) };
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
