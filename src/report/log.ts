import type { LayerDecision } from "../model/decision.ts";
import type { ProjectReport, Report } from "../model/report.ts";
import { type Made, toJson } from "./json.ts";
import { asJsonLine } from "./text.ts";

/**
 * The decision log (JSON Lines): one line for each package and each dependency that cannot be bound. Every line stands
 * on its own: what was decided, by which rule of which policy (with its digest), on which evidence, when and by what.
 */
export function decisionLog(report: Report, { now, version }: Pick<Made, "now" | "version">): string {
  const { command, exit, tool, time, projects } = toJson(report, { now, version });
  const run = { schemaVersion: 1, time, tool: `${tool.name} ${tool.version}`, command, exit };
  const lines = projects.flatMap(({ project, lockfile, packages, unbound, notGated }, at) => {
    const policies = policiesOf(report.projects[at]);
    const isPart = notGated.some(({ kind }) => kind === "unchanged");
    const about = { ...run, project, lockfile, ...(isPart ? { part: true } : {}) };
    return [
      ...unbound.map(({ purl, location, denial }) => ({
        ...about,
        package: purl,
        outcome: "denied",
        location,
        denials: [denial],
      })),
      ...packages.map(({ purl, outcome, ground, digests, runsScripts, layers, denials, evidence, unavailable }) => ({
        ...about,
        package: purl,
        digests,
        outcome,
        ground,
        runsScripts,
        layers: layers.map((layer) => ({ ...layer, policyDigest: policies.get(layer.policy) ?? null })),
        denials,
        evidence,
        unavailable,
      })),
    ];
  });
  return lines.map((line) => `${asJsonLine(line)}\n`).join("");
}

function policiesOf(project: ProjectReport | undefined): ReadonlyMap<LayerDecision["layer"], string> {
  return new Map((project?.policies ?? []).map(({ name, digest }) => [name, digest]));
}
