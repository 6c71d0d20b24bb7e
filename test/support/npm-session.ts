import { npm } from "../../plugins/npm/index.ts";
import { type ClosableHost, createHost } from "../../src/io/host.ts";
import type { Proven, Request, Session } from "../../src/plugin.ts";
import { isolated } from "./cli.ts";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export interface SessionOptions {
  readonly args?: readonly string[];
  readonly purpose?: Request["purpose"];
  readonly lockfile?: string;
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly offline?: boolean;
  /** Further registry origins of the policy. */
  readonly registries?: readonly string[];
  readonly repositoryRoot?: string;
  readonly notices?: string[];
}

/** The real outside world with a home of its own. */
export function testHost(options: Pick<SessionOptions, "home" | "env" | "offline" | "notices">): ClosableHost {
  const host = createHost({
    env: { ...isolated(options.home), ...options.env },
    signal: new AbortController().signal,
    offline: options.offline ?? false,
    cacheFolder: join(options.home, "safe-install"),
    stateFolder: join(options.home, "state"),
    notice: (text) => options.notices?.push(text),
  });
  onTestFinished(() => host.close());
  return host;
}

/** The plugin's session on a project, without gate, policy and verification. */
export async function openSession(cwd: string, options: SessionOptions): Promise<Session> {
  const { purpose = "install", args = purpose === "install" ? ["ci"] : [], lockfile, registries = [] } = options;
  const context = async (project: string) => ({
    repositoryRoot: realpathSync(options.repositoryRoot ?? project),
    registries,
  });
  const request = { purpose, args, cwd, context, ...(lockfile === undefined ? {} : { lockfile }) };
  const session = await npm.open(request, testHost(options));
  onTestFinished(() => session.close());
  return session;
}

/** Says yes to everything: what the gate does, without judging. */
export async function obtainAll(session: Session): Promise<readonly Proven[]> {
  return Promise.all(session.artifacts.map(async (artifact) => ({ artifact, bytes: await session.obtain(artifact) })));
}

export async function installAll(session: Session): Promise<number> {
  return session.handoff(await obtainAll(session));
}
