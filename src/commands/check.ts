import { SafeInstallError } from "../errors.ts";
import type { ProjectReport } from "../model/report.ts";
import type { Plugin } from "../plugin.ts";
import type { CheckCommand } from "../options.ts";
import { INSTALLERS, type InstallerName, loadPlugin, readsLock, tableOf, TABLES } from "../plugins.ts";
import { writeReports } from "../report/index.ts";
import type { Runtime } from "../runtime.ts";
import { withHost } from "./with-host.ts";
import { locksIn } from "../project/detect.ts";
import { printable } from "../report/text.ts";
import { reportOf } from "../gate/report.ts";
import { basename, dirname, join, resolve } from "node:path";
import { type GateRequest, gate } from "../gate/gate.ts";
import type { ClosableHost } from "../io/host.ts";
import { withPathOutside } from "../io/program.ts";
import { inSnapshot, refuseLeftOut, type Snapshot } from "../project/snapshot.ts";
import { silent } from "../gate/progress.ts";
import { terminalProgress } from "../report/progress.ts";

/** `safe-install check [lockfile...]`: the same judgement; installs nothing. @returns the exit code */
export async function check(command: CheckCommand, runtime: Runtime): Promise<number> {
  return withHost(command.options, runtime, async (host) => {
    const snapshot = command.staged ? await stagedSnapshot(runtime, host) : null;
    const targets = await findTargets(command, runtime, snapshot);
    const projects: ProjectReport[] = [];
    for (const target of targets) projects.push(await checkOne(target, command, runtime, host, snapshot));
    const report = reportOf("check", projects);
    await writeReports(report, command.options, runtime.stdout, runtime);
    if (report.exit === 0 && command.lockfiles.length === 0) await sayUnread(runtime, host, snapshot);
    return report.exit;
  });
}

/** The named lockfiles, each with the plugin that knows its name; without any, every lock that lies here, or is staged. */
export async function findTargets(
  { lockfiles }: Pick<CheckCommand, "lockfiles">,
  runtime: Runtime,
  snapshot: Snapshot | null = null,
): Promise<readonly CheckTarget[]> {
  if (lockfiles.length === 0) return present(runtime.cwd, snapshot);
  const named = lockfiles.map((name) => ({ lockfile: resolve(runtime.cwd, name), installer: installerFor(name) }));
  return Promise.all(
    named.map(async ({ lockfile, installer }) => ({
      plugin: await loadPlugin(installer),
      cwd: dirname(lockfile),
      lockfile,
    })),
  );
}

/** Where there is none at all, the first installer says what it misses. */
async function present(cwd: string, snapshot: Snapshot | null): Promise<readonly CheckTarget[]> {
  const { judged } = await locksIn(snapshot === null ? cwd : inSnapshot(snapshot, cwd));
  const meant = judged.length > 0 ? judged : INSTALLERS.slice(0, 1).map((installer) => ({ installer, lockfile: null }));
  return Promise.all(
    meant.map(async ({ installer, lockfile }) => ({
      plugin: await loadPlugin(installer),
      cwd,
      ...(lockfile === null ? {} : { lockfile: join(cwd, lockfile) }),
    })),
  );
}

/** A lock that nobody here reads is named; where nobody reads what is said, it is an error. @throws SafeInstallError LOCK_NOT_JUDGED */
async function sayUnread({ cwd, env }: Runtime, host: ClosableHost, snapshot: Snapshot | null): Promise<void> {
  const { unread } = await locksIn(snapshot === null ? cwd : inSnapshot(snapshot, cwd));
  if (unread.length === 0) return;
  const names = unread.map(printable).join(", ");
  if (env["CI"] !== "true") return host.notice(`safe-install: not judged: ${names}`);
  throw new SafeInstallError("usage", "LOCK_NOT_JUDGED", `${names}: a lock that is not judged lies beside`, {
    hint: "remove it, or name those that are meant: safe-install check package-lock.json",
  });
}

function installerFor(named: string): InstallerName {
  const installer = INSTALLERS.find((one) => readsLock(tableOf(one), basename(named)));
  if (installer !== undefined) return installer;
  throw new SafeInstallError("usage", "UNKNOWN_LOCKFILE", `${named} is not a lockfile that can be checked`, {
    hint: `known: ${TABLES.flatMap(({ lockfiles }) => lockfiles).join(", ")}`,
  });
}

/** What `check` judges: a folder, or one lockfile in it. */
export interface CheckTarget {
  readonly plugin: Plugin;
  readonly cwd: string;
  readonly lockfile?: string;
}

/** Judges one lockfile: as it lies there, or as it is staged; all of it, or what changed. */
export async function checkOne(
  { plugin, ...where }: CheckTarget,
  command: CheckCommand,
  runtime: Runtime,
  host: ClosableHost,
  snapshot: Snapshot | null,
): Promise<ProjectReport> {
  const { options } = command;
  const progress = options.quiet ? silent : await terminalProgress(runtime);
  const place = snapshot === null ? where : staged(where, snapshot);
  if (snapshot !== null) refuseLeftOut(snapshot, place.cwd, plugin.table);
  const request = { purpose: "check", args: [], ...place } as const;
  const source = snapshot === null ? {} : { snapshot };
  const around = snapshot === null ? host : await outside(host, snapshot);
  const asked = { plugin, request, options, ...source, ...narrowing(command, runtime, around, snapshot) };
  return (await gate(asked, { runtime, host: around, progress })).report;
}

/** The files of git's index around the folder where the command was typed. */
export async function stagedSnapshot(runtime: Runtime, host: ClosableHost): Promise<Snapshot> {
  const { openRevision } = await import("../project/revision.ts");
  return openRevision(runtime.cwd, null, host);
}

function staged({ cwd, lockfile }: Omit<CheckTarget, "plugin">, snapshot: Snapshot): Omit<CheckTarget, "plugin"> {
  const place = lockfile === undefined ? {} : { lockfile: inSnapshot(snapshot, lockfile) };
  return { cwd: inSnapshot(snapshot, cwd), ...place };
}

/** The snapshot is not where the repository is: the repository's programs are left out by name. */
async function outside(host: ClosableHost, { root }: Snapshot): Promise<ClosableHost> {
  return { ...host, env: await withPathOutside(root, host.env) };
}

function narrowing(
  { changedSince: since, options }: CheckCommand,
  runtime: Runtime,
  host: ClosableHost,
  snapshot: Snapshot | null,
): Pick<GateRequest, "narrow"> {
  if (since === null) return {};
  const policy = options.policy === null ? null : resolve(runtime.cwd, options.policy);
  const about = { since, policy, ...(snapshot === null ? {} : { snapshot }) };
  return {
    narrow: async (part, opened) => {
      const { onlyChanged } = await import("../gate/changed.ts");
      return onlyChanged(part, { ...about, opened }, host);
    },
  };
}
