import { type Gated, gate } from "../gate.ts";
import type { ProjectReport, Report } from "../model/report.ts";
import { worstExit } from "../exit.ts";
import { type Assembled, assemble } from "../assemble.ts";
import type { Options } from "../options.ts";
import type { ClosableHost } from "../io/host.ts";
import type { Plugin, Request, Session } from "../plugin.ts";
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
  request: Omit<Request, "context" | "prove">,
  options: Options,
  { world, host, progress }: { readonly world: World; readonly host: ClosableHost; readonly progress: Progress },
): Promise<Judged> {
  let assembled: Assembled | null = null;
  const context = async (project: string) => {
    if (request.purpose === "install") await undoInterrupted(project, host);
    assembled ??= await assemble(
      { project, ecosystem: plugin.ecosystem, purpose: request.purpose, options },
      host,
      world.cwd,
    );
    if (request.purpose === "install") await undoInterrupted(assembled.repositoryRoot, host);
    return assembled;
  };
  const prove = async (early: Session) => {
    const { judge } = await context(early.project);
    const { outcome, proven } = await gate(early, judge);
    return outcome === "denied" ? null : proven;
  };
  const session = await plugin.open({ ...request, context, prove }, host);
  try {
    const judged = assembled ?? (await context(session.project));
    const gated = await gate(session, judged.judge, progress);
    return { session, gated, report: projectReport(session, gated, judged, world) };
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
