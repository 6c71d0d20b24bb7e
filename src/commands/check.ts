import { SafeInstallError } from "../errors.ts";
import type { ProjectReport } from "../model/report.ts";
import type { CheckCommand } from "../options.ts";
import { INSTALLERS, type InstallerName, isLockedIn, loadPlugin, readsLock, tableOf, TABLES } from "../plugins.ts";
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
  if (lockfiles.length === 0) return present(world.cwd);
  const named = lockfiles.map((name) => ({ lockfile: resolve(world.cwd, name), installer: installerFor(name) }));
  return Promise.all(
    named.map(async ({ lockfile, installer }) => ({
      plugin: await loadPlugin(installer),
      cwd: dirname(lockfile),
      lockfile,
    })),
  );
}

/** Where there is none at all, the first installer says what it misses. */
async function present(cwd: string): Promise<readonly Target[]> {
  const names = await readdir(cwd);
  const found = INSTALLERS.filter((installer) => isLockedIn(tableOf(installer), names));
  const meant = found.length > 0 ? found : INSTALLERS.slice(0, 1);
  return Promise.all(meant.map(async (installer) => ({ plugin: await loadPlugin(installer), cwd })));
}

function installerFor(named: string): InstallerName {
  const installer = INSTALLERS.find((one) => readsLock(tableOf(one), basename(named)));
  if (installer !== undefined) return installer;
  throw new SafeInstallError("usage", "UNKNOWN_LOCKFILE", `${named} is not a lockfile that can be checked`, {
    hint: `known: ${TABLES.flatMap(({ lockfiles }) => lockfiles).join(", ")}`,
  });
}
