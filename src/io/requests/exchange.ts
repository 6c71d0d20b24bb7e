import type { Buffer } from "node:buffer";
import { LIMITS } from "../../limits.ts";
import { startDeadline } from "../deadline.ts";
import type { Dispatcher } from "undici";

/** One question to one place. */
interface Exchange {
  readonly place: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: GET. */
  readonly post?: string;
  /** Ends it from outside. */
  readonly signal: AbortSignal;
  /** Silence, and time for each `LIMITS.httpPaceBytes`. */
  readonly timeoutMs: number;
  /** Who takes the body; null: nobody, and it is not waited for longer than it is short. */
  readonly receive: (head: Head) => ((chunk: Buffer) => void) | null;
}

export interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends one request and hands on what is answered. What a server does ends here, one way or the other.
 * The parser is never told to wait: one that waits while its connection is closed fails where nobody can catch it
 * (an assertion in the handler of the socket's end), so that who takes the body takes it at once.
 * @throws the signal's reason, `TimeUp`, what `receive` throws, or the connection's own error.
 */
export function exchange(dispatcher: Dispatcher, asked: Exchange): Promise<Head> {
  return new Promise((resolve, reject) => {
    const { place, headers, post, signal, timeoutMs, receive } = asked;
    // Begins with the request: until then it waits for a connection, which has a bound of its own.
    let silence: ReturnType<typeof startDeadline> | null = null;
    let controller: Dispatcher.DispatchController | null = null;
    let head: Head | null = null;
    let take: ((chunk: Buffer) => void) | null = null;
    let inTime = 0;
    let settled = false;
    const interrupt = () => giveUp(signal.reason);
    signal.addEventListener("abort", interrupt, { once: true });
    if (signal.aborted) return interrupt();
    dispatcher.dispatch(
      {
        origin: place.origin,
        path: place.pathname + place.search,
        ...(post === undefined ? { method: "GET" } : { method: "POST", body: post }),
        headers,
      },
      { onRequestStart, onResponseStart, onResponseData, onResponseEnd, onResponseError: (_, error) => giveUp(error) },
    );

    function onRequestStart(one: Dispatcher.DispatchController): void {
      controller = one;
      if (settled) return one.abort(new Error("no longer wanted"));
      silence = startDeadline(timeoutMs, signal);
      silence.signal.addEventListener("abort", () => giveUp(silence?.signal.reason), { once: true });
    }

    function onResponseStart(_: unknown, status: number, raw: Readonly<Record<string, unknown>>): void {
      if (status < 200 || settled) return;
      head = { status, headers: Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, String(value)])) };
      silence?.restart(timeoutMs);
      attempt(() => (take = receive(head as Head)));
    }

    function onResponseData(_: unknown, chunk: Buffer): void {
      if (settled) return;
      inTime += chunk.length;
      if (take === null && inTime > UNREAD_BYTES) return finish(true);
      attempt(() => take?.(chunk));
      if (take === null || inTime < LIMITS.httpPaceBytes) return;
      inTime = 0;
      silence?.restart(timeoutMs);
    }

    function onResponseEnd(): void {
      finish(false);
    }

    function attempt(work: () => void): void {
      try {
        work();
      } catch (error) {
        giveUp(error);
      }
    }

    function finish(early: boolean): void {
      if (head === null) return giveUp(new Error("ended without an answer"));
      settle(() => resolve(head as Head));
      if (early) controller?.abort(new Error("more than is read of such an answer"));
    }

    function giveUp(error: unknown): void {
      settle(() => reject(error));
      controller?.abort(error as Error);
    }

    function settle(how: () => void): void {
      if (settled) return;
      settled = true;
      silence?.end();
      signal.removeEventListener("abort", interrupt);
      how();
    }
  });
}

/** Of an answer that nobody reads: as much as is worth a connection that stays open. */
const UNREAD_BYTES = 65_536;

export function limitsIn({ headers }: Head): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => LIMIT.test(name)));
}

const LIMIT = /^(?:retry-after|x-ratelimit-[a-z]+)$/;

/** A code of the system's says more than its words; of the library's own, the words do. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return code === undefined || code.startsWith("UND_ERR") || code.startsWith("HPE_")
    ? (message ?? String(error))
    : code;
}
