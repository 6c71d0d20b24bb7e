import { type Gated, type JudgedBefore, gate, prove } from "../gate.ts";
import type { ProjectReport, Report } from "../model/report.ts";
import { worstExit } from "../exit.ts";
import { type Assembled, assemble } from "../assemble.ts";
import type { Options } from "../options.ts";
import type { ClosableHost } from "../io/host.ts";
import type { Context, Plugin, Request, Session } from "../plugin.ts";
import type { Progress } from "../progress.ts";
import type { World } from "../world.ts";
import { relative } from "node:path";

/** One project that was opened and judged. `session` is still open. */
export interface Judged {
  readonly session: Session;
  readonly gated: Gated;
  readonly report: ProjectReport;
}

/** Opens a project, finds its policy, and judges every package of it. The caller closes the session. */
export async function judgeProject(
  plugin: Plugin,
  request: Omit<Request, "context">,
  options: Options,
  { world, host, progress }: { readonly world: World; readonly host: ClosableHost; readonly progress: Progress },
): Promise<Judged> {
  let assembled: Assembled | null = null;
  const known: JudgedBefore = new Map();
  const assembleFor = async (project: string): Promise<Assembled> => {
    if (request.purpose === "install") await undoInterrupted(project, host);
    const { ecosystem } = plugin;
    return (assembled ??= await assemble({ project, ecosystem, purpose: request.purpose, options }, host, world.cwd));
  };
  const context = async (project: string): Promise<Context> => {
    const { judge, repositoryRoot, registries } = await assembleFor(project);
    return { repositoryRoot, registries, prove: (part) => prove(part, judge, progress, known) };
  };
  const session = await plugin.open({ ...request, context }, host);
  try {
    const found = assembled ?? (await assembleFor(session.project));
    const gated = await gate(session, found.judge, progress, known);
    return { session, gated, report: projectReport(session, gated, found, world) };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** An earlier run that was killed during its hand-off left the old folders aside: first of all they come back. */
async function undoInterrupted(project: string, host: ClosableHost): Promise<void> {
  if (await host.undoInterrupted(project))
    host.notice("safe-install: put back what an interrupted run had moved aside");
}

function projectReport(session: Session, gated: Gated, assembled: Assembled, world: World): ProjectReport {
  return {
    project: relative(world.cwd, session.project) || ".",
    lockfile: session.lockfile === null ? null : relative(world.cwd, session.lockfile),
    policies: assembled.policies,
    decisions: gated.decisions,
    unbound: session.unbound,
    notGated: session.notGated,
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
