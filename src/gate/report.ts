import { worstExit } from "../exit.ts";
import { wayTo } from "../io/inside.ts";
import { inRepository, type Snapshot } from "../project/snapshot.ts";
import type { ProjectReport, Report } from "../model/report.ts";
import type { Project } from "../plugin.ts";
import type { Runtime } from "../runtime.ts";
import type { PolicyGround } from "./ground.ts";
import type { JudgedPart } from "./part.ts";

/** What the gate found out of one project. */
interface Found extends Pick<ProjectReport, "notes" | "unserved" | "outcome" | "exit"> {
  readonly parts: readonly JudgedPart[];
}

export function projectReport(
  { project, bounds }: { readonly project: Pick<Project, "folder">; readonly bounds: PolicyGround },
  { parts, notes, unserved = [], outcome, exit }: Found,
  runtime: Runtime,
  snapshot: Snapshot | undefined,
): ProjectReport {
  const root = snapshot?.root ?? bounds.repositoryRoot;
  const shown = (path: string) => wayTo(runtime.cwd, snapshot === undefined ? path : inRepository(snapshot, path));
  const readFrom = { lockfile: snapshot?.folder ?? root, policies: bounds.policyFolder ?? root };
  const lock = parts.map(({ part }) => part.lockfile).find((one) => one !== null) ?? null;
  const decisions = parts.flatMap((one) => one.decisions);
  return {
    project: shown(project.folder) || ".",
    lockfile: lock === null ? null : shown(lock),
    root,
    ...(readFrom.lockfile === root && readFrom.policies === root ? {} : { readFrom }),
    policies: bounds.policies,
    decisions,
    unbound: parts.flatMap(({ part }) => part.unbound),
    notGated: parts.flatMap(({ part }) => part.notGated),
    exceptions: bounds.exceptions(decisions),
    endings: bounds.endings,
    notes: [...bounds.notes, ...notes],
    ...(unserved.length === 0 ? {} : { unserved }),
    outcome,
    exit,
  };
}

/** The worst of several projects decides. */
export function reportOf(command: string, projects: readonly ProjectReport[]): Report {
  const outcomes = projects.map(({ outcome }) => outcome);
  const outcome = (["denied", "audited"] as const).find((one) => outcomes.includes(one)) ?? "allowed";
  return { command, projects, outcome, exit: worstExit(projects.map(({ exit }) => exit)) };
}
