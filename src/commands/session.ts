import { wayTo } from "../io/inside.ts";
import { type Gated, type JudgedBefore, gate, prove } from "../gate.ts";
import type { ProjectReport, Report } from "../model/report.ts";
import { worstExit } from "../exit.ts";
import { type Assembled, assemble } from "../assemble.ts";
import type { Options } from "../options.ts";
import type { ClosableHost } from "../io/host.ts";
import { inRepository, type Snapshot } from "../io/snapshot.ts";
import type { Context, Plugin, Request, Session } from "../plugin.ts";
import type { Progress } from "../progress.ts";
import type { World } from "../world.ts";
import { refuseProjectOutside } from "./placed.ts";
import { dirname } from "node:path";

/** One project that was opened and judged. `session` is still open. */
export interface Judged {
  readonly session: Session;
  readonly gated: Gated;
  readonly report: ProjectReport;
}

export interface Surroundings {
  readonly world: World;
  readonly host: ClosableHost;
  readonly progress: Progress;
  /** The request's folders are in a snapshot of the index. */
  readonly snapshot?: Snapshot;
  /** Leaves out what need not be judged; with words for the report. */
  readonly narrow?: (session: Session, context: Context) => Promise<{ session: Session; notes: readonly string[] }>;
}

/** Opens a project, finds its policy, and judges every package of it. The caller closes the session. */
export async function judgeProject(
  plugin: Plugin,
  request: Omit<Request, "context">,
  options: Options,
  { world, host, progress, snapshot, narrow }: Surroundings,
): Promise<Judged> {
  let assembled: Assembled | null = null;
  const known: JudgedBefore = new Map();
  const assembleFor = async (project: string): Promise<Assembled> => {
    await refuseProjectOutside(request.cwd, project);
    if (request.purpose === "install") await undoInterrupted([project], host);
    const { ecosystem } = plugin;
    const place = snapshot === undefined ? {} : { snapshot };
    assembled ??= await assemble({ project, ecosystem, purpose: request.purpose, options, ...place }, host, world.cwd);
    if (request.purpose === "install" && plugin.movesIn === "repository")
      await undoInterrupted([assembled.repositoryRoot], host);
    return assembled;
  };
  const context = async (project: string): Promise<Context> => {
    const { judge, repositoryRoot, registries } = await assembleFor(project);
    return { repositoryRoot, registries, prove: (part) => prove(part, judge, progress, known) };
  };
  // With its package.json aside, another folder would be taken for the project.
  if (request.purpose === "install") await undoInterrupted(foldersFrom(request.cwd), host);
  const opened = await plugin.open({ ...request, context }, host);
  try {
    const found = assembled ?? (await assembleFor(opened.project));
    const narrowed = narrow === undefined ? null : await narrow(opened, await context(opened.project));
    const { session, notes } = narrowed ?? { session: opened, notes: [] };
    const gated = await gate(session, found.judge, progress, known);
    const report = projectReport(session, gated, found, world, snapshot);
    return { session, gated, report: { ...report, notes: [...report.notes, ...notes] } };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** An earlier run that was killed during its hand-off left the old folders aside: first of all they come back. */
async function undoInterrupted(folders: readonly string[], host: ClosableHost): Promise<void> {
  if (await host.recover(folders)) host.notice("safe-install: put back what an interrupted run had moved aside");
}

/** The folder and all above it. */
function foldersFrom(folder: string): readonly string[] {
  return dirname(folder) === folder ? [folder] : [folder, ...foldersFrom(dirname(folder))];
}

function projectReport(
  session: Session,
  gated: Gated,
  assembled: Assembled,
  world: World,
  snapshot: Snapshot | undefined,
): ProjectReport {
  const root = snapshot?.root ?? assembled.repositoryRoot;
  const shown = (path: string) => wayTo(world.cwd, snapshot === undefined ? path : inRepository(snapshot, path));
  const lockfile = snapshot?.folder ?? root;
  const policies = assembled.policyFolder ?? root;
  return {
    project: shown(session.project) || ".",
    lockfile: session.lockfile === null ? null : shown(session.lockfile),
    root,
    ...(lockfile === root && policies === root ? {} : { readFrom: { lockfile, policies } }),
    policies: assembled.policies,
    decisions: gated.decisions,
    unbound: session.unbound,
    notGated: session.notGated,
    exceptions: assembled.exceptions(gated.decisions),
    notes: assembled.notes,
    outcome: gated.outcome,
    exit: gated.exit,
  };
}

/** The worst of several projects decides. */
export function reportOf(command: string, projects: readonly ProjectReport[]): Report {
  const outcomes = projects.map(({ outcome }) => outcome);
  const outcome = (["denied", "audited"] as const).find((one) => outcomes.includes(one)) ?? "allowed";
  return { command, projects, outcome, exit: worstExit(projects.map(({ exit }) => exit)) };
}
