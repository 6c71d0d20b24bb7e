import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface RemoteSettings {
  readonly count: number;
  readonly latencyMs: number;
}

/** One package as a lockfile names it. */
export interface Locked {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly integrity: string;
  readonly resolved: string;
}

export interface Ready {
  readonly url: string;
  readonly trustedRoot: unknown;
  readonly locked: readonly Locked[];
}

/** What was asked for; `others` are packuments and whatever else. */
export interface Requests {
  readonly tarballs: number;
  readonly attestations: number;
  readonly others: number;
}

export interface RemoteRegistry extends Ready {
  /** Requests since the last time this was asked. */
  requests(): Promise<Requests>;
  close(): Promise<void>;
}

/** A loopback registry with so many signed packages, in a process of its own. */
export async function startRemoteRegistry(settings: RemoteSettings): Promise<RemoteRegistry> {
  const child = fork(fileURLToPath(new URL("./registry-process.js", import.meta.url)));
  child.send(settings);
  const [ready] = (await Promise.race([once(child, "message"), died()])) as [Ready];
  return {
    ...ready,
    async requests() {
      const answer = once(child, "message");
      child.send("requests");
      const [requests] = (await answer) as [Requests];
      return requests;
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };

  async function died(): Promise<never> {
    const [code] = (await once(child, "exit")) as [number | null];
    throw new Error(`the registry's process ended with ${code}`);
  }
}
