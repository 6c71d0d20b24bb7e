import type { PoolOptions, PoolWorker, WorkerRequest } from "vitest/node";
import { ThreadsPoolWorker } from "vitest/node";

/**
 * Runs the tests of one mutant after the other in the same thread: a module that no mutant of it can change while it loads is
 * loaded once, not once for each. Test files are read anew each time; modules of ours keep no state (the linter holds it).
 */
export const kept = { name: "kept", createPoolWorker };

let alive: ThreadsPoolWorker | null = null;

function createPoolWorker(options: PoolOptions): PoolWorker {
  const isNew = alive === null;
  const worker = (alive ??= new ThreadsPoolWorker(options));
  const listening = new Map<(message: unknown) => void, string>();
  const answerStopped = () => {
    const stopped = { type: "stopped", __vitest_worker_response__: true };
    for (const [callback, event] of listening) if (event === "message") setImmediate(() => callback(stopped));
  };
  return {
    name: "kept",
    start: async () => {
      if (isNew) await worker.start();
    },
    stop: async () => {
      for (const [callback, event] of listening) worker.off(event, callback);
      listening.clear();
    },
    send: (message: WorkerRequest) => {
      // Told to start again, it takes over which tests are asked for; told to stop, it would end.
      if ("type" in message && message.type === "stop") answerStopped();
      else worker.send(message);
    },
    on: (event, callback) => {
      listening.set(callback, event);
      worker.on(event, callback);
    },
    off: (event, callback) => {
      listening.delete(callback);
      worker.off(event, callback);
    },
    deserialize: (data: unknown) => data,
  };
}
