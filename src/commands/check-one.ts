import type { ClosableHost } from "../io/host.ts";
import { withPathOutside } from "../io/program.ts";
import { inSnapshot, type Snapshot } from "../io/snapshot.ts";
import type { ProjectReport } from "../model/report.ts";
import type { CheckCommand } from "../options.ts";
import type { Plugin, Request } from "../plugin.ts";
import { silent } from "../progress.ts";
import { terminalProgress } from "../report/progress.ts";
import type { World } from "../world.ts";
import { judgeProject, type Surroundings } from "./session.ts";

/** What `check` judges: a folder, or one lockfile in it. */
export interface Target {
  readonly plugin: Plugin;
  readonly cwd: string;
  readonly lockfile?: string;
}

/** Judges one lockfile: as it lies there, or as it is staged; all of it, or what changed. */
export async function checkOne(
  { plugin, ...where }: Target,
  command: CheckCommand,
  world: World,
  host: ClosableHost,
  snapshot: Snapshot | null,
): Promise<ProjectReport> {
  const progress = command.options.quiet ? silent : await terminalProgress(world);
  const place = snapshot === null ? where : staged(where, snapshot);
  const request = { purpose: "check", args: [], ...place } as const;
  const { session, report } = await judgeProject(plugin, request, command.options, {
    world,
    progress,
    ...(snapshot === null ? { host } : { host: await outside(host, snapshot), snapshot }),
    ...narrowing(command, plugin, request, world, host, snapshot),
  });
  await session.close();
  return report;
}

/** The files of git's index around the folder where the command was typed. */
export async function stagedHere(world: World, host: ClosableHost): Promise<Snapshot> {
  const { openRevision } = await import("../io/revision.ts");
  return openRevision(world.cwd, null, host);
}

function staged({ cwd, lockfile }: Omit<Target, "plugin">, snapshot: Snapshot): Omit<Target, "plugin"> {
  const place = lockfile === undefined ? {} : { lockfile: inSnapshot(snapshot, lockfile) };
  return { cwd: inSnapshot(snapshot, cwd), ...place };
}

/** The snapshot is not where the repository is: the repository's programs are left out by name. */
async function outside(host: ClosableHost, { root }: Snapshot): Promise<ClosableHost> {
  return { ...host, env: await withPathOutside(root, host.env) };
}

function narrowing(
  { changedSince, options }: CheckCommand,
  plugin: Plugin,
  request: Omit<Request, "context">,
  world: World,
  host: ClosableHost,
  snapshot: Snapshot | null,
): Pick<Surroundings, "narrow"> {
  if (changedSince === null) return {};
  const about = { since: changedSince, plugin, request, ...(snapshot === null ? {} : { snapshot }) };
  return {
    narrow: async (session, context) => {
      const { onlyChanged, policyPath } = await import("./changed.ts");
      return onlyChanged(session, { ...about, context, policy: policyPath(options.policy, world.cwd) }, host);
    },
  };
}
