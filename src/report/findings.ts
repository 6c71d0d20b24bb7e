import type { Code, Denial } from "../model/codes.ts";
import { label } from "../model/package.ts";
import type { ProjectReport, Report } from "../model/report.ts";
import type { FileLine, ReportPlaces } from "./places.ts";

/** One reason for which something is not let in, with its places: what reports for machines list. */
export interface Finding {
  /** warning: let through by audit. */
  readonly level: "error" | "warning";
  readonly code: Code;
  /** `npm:@acme/widget@2.1.0`, or the lock's location of what is no package. */
  readonly what: string;
  readonly denial: Denial;
  /** Relative to where the command was typed. */
  readonly project: string;
  readonly entry: FileLine | null;
  /** The rule that spoke, or the policy where none did; null where no policy was asked. */
  readonly rule: { readonly name: string | null; readonly place: FileLine } | null;
}

/** Every finding of a report, denials before what audit lets through. */
export function findingsOf(report: Report, places: ReportPlaces): readonly Finding[] {
  const all = report.projects.flatMap((project) => [...ofUnbound(project, places), ...ofDecisions(project, places)]);
  return [...all.filter(({ level }) => level === "error"), ...all.filter(({ level }) => level === "warning")];
}

function ofUnbound(project: ProjectReport, places: ReportPlaces): readonly Finding[] {
  return project.unbound.map(({ package: ref, location, denial }) => ({
    level: "error",
    code: denial.code,
    what: ref === null ? location : label(ref),
    denial,
    project: project.project,
    entry: places.entry(project, [location], ref?.name ?? null),
    rule: null,
  }));
}

function ofDecisions(project: ProjectReport, places: ReportPlaces): readonly Finding[] {
  return project.decisions.flatMap(({ artifact, layers }) =>
    layers.flatMap((layer) => {
      if (layer.outcome === "allowed") return [];
      return layer.denials.map((denial) => ({
        level: layer.outcome === "denied" ? ("error" as const) : ("warning" as const),
        code: denial.code,
        what: label(artifact.package),
        denial,
        project: project.project,
        entry: places.entry(project, artifact.locations, artifact.package.name),
        rule: { name: layer.rule, place: places.rule(project, layer.layer, layer.rule) },
      }));
    }),
  );
}

/** What is wrong, what was compared, where from and what to do: one line each. */
export function sentences({ message, details, location, hint }: Denial): readonly string[] {
  return [
    message,
    ...details.map(({ name, expected, found }) => `${name}: expected ${expected}, found ${found}`),
    ...(location === undefined ? [] : [`evidence: ${location}`]),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ];
}
