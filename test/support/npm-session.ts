import { npm } from "../../plugins/npm/index.ts";
import { handOff } from "../../src/gate/handoff.ts";
import { type ClosableHost, createHost } from "../../src/io/host.ts";
import type { Handoff, Host, Part, Proven, Request } from "../../src/plugin.ts";
import { isolated } from "./cli.ts";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export interface PartOptions {
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
  /** Instead of the real outside world. */
  readonly host?: Host;
}

/** The real outside world with a home of its own. */
export function testHost(options: Pick<PartOptions, "home" | "env" | "offline" | "notices">): ClosableHost {
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

/** The one part of an npm project, and the way from there to npm. */
export interface OpenPart extends Part {
  /** The folder whose policy counts. */
  readonly folder: string;
  /** What the plugin does next, once this was let through. */
  prove(proven: readonly Proven[]): Promise<Handoff>;
  /** The same, and then its hand-off as the gate lets it work. @returns the exit code */
  install(proven: readonly Proven[]): Promise<number>;
}

/** The plugin on a project, without gate, policy and verification. */
export async function openPart(cwd: string, options: PartOptions): Promise<OpenPart> {
  const { purpose = "install", args = purpose === "install" ? ["ci"] : [], lockfile, registries = [] } = options;
  const host = options.host ?? testHost(options);
  const request = { purpose, args, cwd, ...(lockfile === undefined ? {} : { lockfile }) };
  const project = await npm.locate(request, host);
  const bounds = { repositoryRoot: realpathSync(options.repositoryRoot ?? project.folder), registries };
  const stages = npm.stages(project, bounds, host);
  const first = await stages.next([]);
  if (first.done === true) throw new TypeError("an npm project without a part");
  const prove = async (proven: readonly Proven[]): Promise<Handoff> => {
    const { done, value } = await stages.next(proven);
    if (done !== true || value === null) throw new TypeError("nothing to hand off");
    return value;
  };
  return {
    ...first.value,
    folder: project.folder,
    prove,
    install: async (proven) => handOff(await prove(proven), npm.table, host),
  };
}

/** Says yes to everything: what the gate does, without judging. */
export async function obtainAll(part: Part): Promise<readonly Proven[]> {
  return Promise.all(part.artifacts.map(async (artifact) => ({ artifact, bytes: await part.obtain(artifact) })));
}

export async function installAll(part: OpenPart): Promise<number> {
  return part.install(await obtainAll(part));
}
