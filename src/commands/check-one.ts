import { type Asked, gate } from "../gate/gate.ts";
import type { ClosableHost } from "../io/host.ts";
import { withPathOutside } from "../io/program.ts";
import { inSnapshot, type Snapshot } from "../io/snapshot.ts";
import type { ProjectReport } from "../model/report.ts";
import type { CheckCommand } from "../options.ts";
import type { Plugin } from "../plugin.ts";
import { silent } from "../gate/progress.ts";
import { terminalProgress } from "../report/progress.ts";
import type { World } from "../world.ts";
import { resolve } from "node:path";

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
  const { options } = command;
  const progress = options.quiet ? silent : await terminalProgress(world);
  const place = snapshot === null ? where : staged(where, snapshot);
  const request = { purpose: "check", args: [], ...place } as const;
  const source = snapshot === null ? {} : { snapshot };
  const around = snapshot === null ? host : await outside(host, snapshot);
  const asked = { plugin, request, options, ...source, ...narrowing(command, world, around, snapshot) };
  return (await gate(asked, { world, host: around, progress })).report;
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
  { changedSince: since, options }: CheckCommand,
  world: World,
  host: ClosableHost,
  snapshot: Snapshot | null,
): Pick<Asked, "narrow"> {
  if (since === null) return {};
  const policy = options.policy === null ? null : resolve(world.cwd, options.policy);
  const about = { since, policy, ...(snapshot === null ? {} : { snapshot }) };
  return {
    narrow: async (part, opened) => {
      const { onlyChanged } = await import("../gate/changed.ts");
      return onlyChanged(part, { ...about, opened }, host);
    },
  };
}
