import { SafeInstallError } from "../errors.ts";
import type { ProjectReport, Report } from "../model/report.ts";
import type { CheckCommand } from "../options.ts";
import { isInCi, type Runtime } from "../runtime.ts";
import { printable } from "../report/text.ts";
import { locksIn } from "../project/detect.ts";
import { type CheckTarget, findTargets, type Sought, type Targets } from "../project/targets.ts";
import { reportOf } from "../gate/report.ts";
import { resolve } from "node:path";
import { type GateRequest, gate } from "../gate/gate.ts";
import type { PolicyGround } from "../gate/ground.ts";
import type { ClosableHost } from "../io/host.ts";
import type { Part } from "../plugin.ts";
import { withPathOutside } from "../io/program.ts";
import { inSnapshot, refuseLeftOut, type Snapshot } from "../project/snapshot.ts";
import { silent } from "../gate/progress.ts";
import { terminalProgress } from "../report/progress.ts";

/** Stands between a part and the gate: what is asked of it, and what it says. */
export type Watch = (part: Part, bounds: PolicyGround) => Part | Promise<Part>;

export interface JudgedLocks extends Pick<Targets, "unread" | "unhashed"> {
  readonly report: Report;
}

/** Judges the locks that a command names, or those that lie here; installs nothing. */
export async function judgeLocks(
  command: CheckCommand,
  runtime: Runtime,
  host: ClosableHost,
  watch?: Watch,
): Promise<JudgedLocks> {
  const sought = await soughtBy(command, runtime, host);
  const { found, unread, unhashed } = await findTargets(command.lockfiles, runtime.cwd, sought);
  const projects: ProjectReport[] = [];
  for (const target of found)
    projects.push(await checkOne(target, { command, runtime, host, watch }, sought.index ?? null));
  return { report: reportOf("check", projects), unread, unhashed };
}

/** Names the locks that were not judged, behind the report. @returns its exit code @throws SafeInstallError LOCK_NOT_JUDGED */
export function sayPassedOver({ report, unread, unhashed }: JudgedLocks, runtime: Runtime, host: ClosableHost): number {
  if (unhashed.length > 0) host.notice(`safe-install: no lock, for want of hashes: ${unhashed.join(", ")}`);
  if (report.exit === 0) sayUnread(unread, runtime, host);
  return report.exit;
}

/** A lock that nobody here reads is named; where nobody reads what is said, it is an error. @throws SafeInstallError LOCK_NOT_JUDGED */
function sayUnread(unread: readonly string[], { env }: Runtime, host: ClosableHost): void {
  if (unread.length === 0) return;
  const names = unread.map(printable).join(", ");
  if (!isInCi(env)) return host.notice(`safe-install: not judged: ${names}`);
  throw new SafeInstallError("usage", "LOCK_NOT_JUDGED", `${names}: a lock that is not judged lies beside`, {
    hint: "remove it, or name those that are meant: safe-install check package-lock.json",
  });
}

interface LockCheck {
  readonly command: CheckCommand;
  readonly runtime: Runtime;
  readonly host: ClosableHost;
  readonly watch: Watch | undefined;
}

/** Where locks are looked for: in the index, and what counted as one before. */
async function soughtBy(command: CheckCommand, runtime: Runtime, host: ClosableHost): Promise<Sought> {
  const { staged, changedSince, lockfiles } = command;
  const index = staged ? { index: await stagedSnapshot(runtime, host) } : {};
  const revision = changedSince ?? (staged ? "HEAD" : null);
  if (revision === null || lockfiles.length > 0) return index;
  if (!staged && (await locksIn(runtime.cwd)).unhashed.length === 0) return index;
  const { openRevision } = await import("../project/revision.ts");
  const before = await openRevision(runtime.cwd, revision, host).catch((error: unknown) => {
    // Before the first commit all of it is new.
    if (changedSince === null && error instanceof SafeInstallError && error.code === "REVISION_UNKNOWN") return null;
    throw error;
  });
  return before === null ? index : { ...index, before };
}

/** Judges one lockfile: as it lies there, or as it is staged; all of it, or what changed. */
async function checkOne(
  { plugin, ...where }: CheckTarget,
  { command, runtime, host, watch }: LockCheck,
  snapshot: Snapshot | null,
): Promise<ProjectReport> {
  const { options } = command;
  const progress = options.quiet ? silent : await terminalProgress(runtime);
  const place = snapshot === null ? where : staged(where, snapshot);
  if (snapshot !== null) refuseLeftOut(snapshot, place.cwd, plugin.table);
  const request = { purpose: "check", args: [], ...place } as const;
  const source = snapshot === null ? {} : { snapshot };
  const around = snapshot === null ? host : await outside(host, snapshot);
  const asked = {
    plugin,
    request,
    options,
    ...source,
    ...narrowing(command, runtime, around, snapshot),
    ...watching(watch),
  };
  return (await gate(asked, { runtime, host: around, progress })).report;
}

/** The files of git's index around the folder where the command was typed. */
async function stagedSnapshot(runtime: Runtime, host: ClosableHost): Promise<Snapshot> {
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

function watching(watch: Watch | undefined): Pick<GateRequest, "narrow"> {
  if (watch === undefined) return {};
  return { narrow: async (part, { bounds }) => ({ part: await watch(part, bounds), notes: [] }) };
}
