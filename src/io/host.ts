import type { Host, Paths } from "../plugin.ts";
import { createCache } from "./cache.ts";
import { readBounded } from "./files.ts";
import { createFetch } from "./http.ts";
import { converse } from "./converse.ts";
import { spawnInherit } from "./spawn.ts";
import { createStore } from "./store.ts";
import { createTemporary } from "./temporary.ts";
import { realDisk } from "./transaction/disk.ts";
import { mountPoints } from "./transaction/mounts.ts";
import { createTransactions } from "./transaction/transaction.ts";
import { homedir } from "node:os";

export interface HostOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly offline: boolean;
  /** Absolute; what survives between runs. */
  readonly cacheFolder: string;
  /** Absolute; the journals of runs under way. */
  readonly stateFolder: string;
  /** Absolute; absent: as the system has it. */
  readonly home?: string;
  readonly notice: (text: string) => void;
  readonly now?: () => Date;
}

/** A Host that must be closed, whatever happened: `close` removes every temporary folder. */
export type ClosableHost = Host & {
  /**
   * Puts back what interrupted runs left aside in one of these folders, or files that lead to it, and deletes what is left of
   * those that had ended well. The first is where a run is to be; a run under way further up is only waited for where
   * files are aside by which a project is found.
   * @returns whether something was put back
   * @throws SafeInstallError ANOTHER_RUN, NO_JOURNAL, CANNOT_PUT_BACK
   */
  recover(folders: readonly string[]): Promise<boolean>;
  /** Before anything is fetched. @throws SafeInstallError as `transaction` would before it moves anything */
  assertReplaceable(paths: Paths): Promise<void>;
  close(): Promise<void>;
};

/** The real outside world. */
export function createHost(options: HostOptions): ClosableHost {
  const temporary = createTemporary();
  const { stateFolder, notice, home = homedir() } = options;
  const transactions = createTransactions({ stateFolder, home, notice, disk: realDisk(), mounts: mountPoints });
  return {
    env: options.env,
    signal: options.signal,
    offline: options.offline,
    now: options.now ?? (() => new Date()),
    notice: options.notice,
    fetch: createFetch(options),
    limits: new Map(),
    read: readBounded,
    run: (command) => spawnInherit(command, options.signal),
    converse: (command, hear, timeoutMs) => converse(command, { hear, timeoutMs, signal: options.signal }),
    cache: createCache(options.cacheFolder),
    store: createStore(options.cacheFolder),
    temporary: (name) => temporary.make(name),
    transaction: (paths, work) => transactions.run(paths, work),
    recover: (folders) => transactions.recover(folders),
    assertReplaceable: (paths) => transactions.assertReplaceable(paths),
    close: () => temporary.removeAll(),
  };
}
