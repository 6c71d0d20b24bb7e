import { setMaxListeners } from "node:events";

/** A bound in time. Whoever holds it ends it; until then it is held by its timer, so that nothing collects it before it is due. */
interface Deadline {
  /** Aborted with `TimeUp` when time is up, or with the reason of what stands above it. */
  readonly signal: AbortSignal;
  /** Counts from now on, whatever was left. Nothing where time is up already. */
  restart(ms: number): void;
  /** What it bounded is done. */
  end(): void;
}

/** Time is up. `ms`: how long there was. */
export class TimeUp extends Error {
  readonly ms: number;

  constructor(ms: number) {
    super(`timed out after ${ms / 1000} s`);
    this.name = "TimeUp";
    this.ms = ms;
  }
}

/**
 * Starts a deadline below another signal: of a run, of a step of it, of one request.
 * `AbortSignal.any` and `AbortSignal.timeout` know each other by weak references only: on Node 20 what they make together
 * is collected before it is due.
 */
export function startDeadline(ms: number, above: AbortSignal): Deadline {
  const controller = new AbortController();
  const isUp = (after: number) => () => controller.abort(new TimeUp(after));
  const follow = () => controller.abort(above.reason);
  let timer = setTimeout(isUp(ms), ms);
  // As many listen as there are requests under way.
  setMaxListeners(0, above, controller.signal);
  above.addEventListener("abort", follow, { once: true });
  if (above.aborted) follow();
  return { signal: controller.signal, restart, end };

  function restart(after: number): void {
    clearTimeout(timer);
    if (!controller.signal.aborted) timer = setTimeout(isUp(after), after);
  }

  function end(): void {
    clearTimeout(timer);
    above.removeEventListener("abort", follow);
  }
}

/** Waits. @throws the signal's reason, as soon as it is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const give = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", give);
      resolve();
    }, ms);
    signal.addEventListener("abort", give, { once: true });
  });
}
