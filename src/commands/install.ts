import { SafeInstallError } from "../errors.ts";
import { cacheFolder } from "../io/cache.ts";
import { type ClosableHost, createHost } from "../io/host.ts";
import type { InstallCommand, Options } from "../options.ts";
import type { Plugin } from "../plugin.ts";
import { loadPlugin } from "../plugins.ts";
import { silent } from "../progress.ts";
import { writeReports } from "../report/index.ts";
import { terminalProgress } from "../report/progress.ts";
import type { World } from "../world.ts";
import { judgeProject, reportOf } from "./session.ts";

/** `safe-install npm ci`: judge first, then let the real installer unpack exactly what was proven. @returns the exit code */
export async function install(command: InstallCommand, world: World): Promise<number> {
  const plugin = await loadPlugin(command.installer);
  const invocation = plugin.classify(command.args);
  switch (invocation.kind) {
    case "pass":
      return withHost(command.options, world, async (host) =>
        host.run(await plugin.command(command.args, world.cwd, host)),
      );
    case "refuse":
      throw new SafeInstallError("usage", "NOT_GATED", invocation.reason, { hint: invocation.hint });
    case "gate":
      return withHost(command.options, world, (host) => gated(plugin, command, world, host));
    default:
      return invocation satisfies never;
  }
}

async function gated(plugin: Plugin, command: InstallCommand, world: World, host: ClosableHost): Promise<number> {
  const { args, options } = command;
  const progress = options.quiet ? silent : await terminalProgress(world);
  const request = { purpose: "install", args, cwd: world.cwd } as const;
  const { session, gated, report } = await judgeProject(plugin, request, options, { world, host, progress });
  try {
    await writeReports(reportOf(title(command), [report]), options, world.stderr, world);
    if (gated.outcome === "denied") return gated.exit;
    return await session.handoff(gated.proven);
  } finally {
    await session.close();
  }
}

/** The installer and its command, without options. */
function title({ installer, args }: InstallCommand): string {
  return [installer, args.find((word) => !word.startsWith("-")) ?? ""].join(" ").trim();
}

/** A host for one run; its temporary folders go whatever happens. */
export async function withHost(
  options: Options,
  world: World,
  work: (host: ClosableHost) => Promise<number>,
): Promise<number> {
  const host = createHost({
    env: world.env,
    signal: world.signal,
    offline: options.offline,
    cacheFolder: cacheFolder(world.env, world.home),
    notice: (text) => world.stderr.write(`${text}\n`),
  });
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}
