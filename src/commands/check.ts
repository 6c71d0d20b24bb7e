import { SafeInstallError } from "../errors.ts";
import type { ProjectReport } from "../model/report.ts";
import type { CheckCommand } from "../options.ts";
import { INSTALLERS, loadPlugin } from "../plugins.ts";
import type { Plugin } from "../plugin.ts";
import { writeReports } from "../report/index.ts";
import type { World } from "../world.ts";
import { checkOne, stagedHere, type Target } from "./check-one.ts";
import { withHost } from "./host.ts";
import { reportOf } from "../gate/report.ts";
import { readdir } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";

/** `safe-install check [lockfile...]`: the same judgement; installs nothing. @returns the exit code */
export async function check(command: CheckCommand, world: World): Promise<number> {
  return withHost(command.options, world, async (host) => {
    const snapshot = command.staged ? await stagedHere(world, host) : null;
    const targets = await findTargets(command, world);
    const projects: ProjectReport[] = [];
    for (const target of targets) projects.push(await checkOne(target, command, world, host, snapshot));
    const report = reportOf("check", projects);
    await writeReports(report, command.options, world.stdout, world);
    return report.exit;
  });
}

/** The named lockfiles, each with the plugin that knows its name; without any, those that lie here, one for each installer. */
export async function findTargets(
  { lockfiles }: Pick<CheckCommand, "lockfiles">,
  world: World,
): Promise<readonly Target[]> {
  const plugins = await Promise.all(INSTALLERS.map(loadPlugin));
  if (lockfiles.length === 0) return present(plugins, world.cwd);
  return lockfiles.map((named) => {
    const lockfile = resolve(world.cwd, named);
    const plugin = plugins.find((one) => reads(one, basename(lockfile)));
    if (plugin === undefined) throw unknownLockfile(named, plugins);
    return { plugin, cwd: dirname(lockfile), lockfile };
  });
}

/** Where there is none at all, the first installer says what it misses. */
async function present(plugins: readonly Plugin[], cwd: string): Promise<readonly Target[]> {
  const names = await readdir(cwd);
  const found = plugins.filter(
    (plugin) => plugin.lockfiles.some((name) => names.includes(name)) || plugin.isLockedIn?.(names) === true,
  );
  return (found.length > 0 ? found : plugins.slice(0, 1)).map((plugin) => ({ plugin, cwd }));
}

function reads(plugin: Plugin, name: string): boolean {
  return plugin.lockfiles.includes(name) || (plugin.readsLockfile?.(name) ?? false);
}

function unknownLockfile(named: string, plugins: readonly Plugin[]): SafeInstallError {
  const known = plugins.flatMap(({ lockfiles }) => lockfiles).join(", ");
  return new SafeInstallError("usage", "UNKNOWN_LOCKFILE", `${named} is not a lockfile that can be checked`, {
    hint: `known: ${known}`,
  });
}
