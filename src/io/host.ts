import type { Host } from "../plugin.ts";
import { createCache } from "./cache.ts";
import { readBounded } from "./files.ts";
import { createRequests } from "./requests.ts";
import { restoreInterrupted, setAside } from "./journal.ts";
import { converse } from "./converse.ts";
import { spawnInherit } from "./spawn.ts";
import { createTemporary } from "./temporary.ts";

export interface HostOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly offline: boolean;
  /** Absolute; what survives between runs. */
  readonly cacheFolder: string;
  /** Absolute; the journals of runs under way. */
  readonly stateFolder: string;
  readonly notice: (text: string) => void;
  readonly now?: () => Date;
}

/** A Host that must be closed, whatever happened: `close` removes every temporary folder. */
export type ClosableHost = Host & {
  /** Puts back what an interrupted run left aside. @returns whether there was something. */
  undoInterrupted(project: string): Promise<boolean>;
  close(): Promise<void>;
};

/** The real outside world. */
export function createHost(options: HostOptions): ClosableHost {
  const temporary = createTemporary();
  const requests = createRequests(options);
  return {
    env: options.env,
    signal: options.signal,
    offline: options.offline,
    now: options.now ?? (() => new Date()),
    notice: options.notice,
    fetch: requests.fetch,
    request: requests.request,
    read: readBounded,
    run: (command) => spawnInherit(command, options.signal),
    converse: (command, hear, timeoutMs) => converse(command, { hear, timeoutMs, signal: options.signal }),
    cache: createCache(options.cacheFolder),
    temporary: (name) => temporary.make(name),
    setAside: (project, folders) => setAside(options.stateFolder, project, folders),
    undoInterrupted: (project) => restoreInterrupted(options.stateFolder, project),
    async close() {
      await requests.close();
      await temporary.removeAll();
    },
  };
}
