import type { ProjectReport, Report } from "../model/report.ts";
import { type Finding, findingsOf } from "./findings.ts";
import type { ReportPlaces } from "./places.ts";
import { groundsLine } from "./summary.ts";
import { asText } from "./markdown/text.ts";
import { plural } from "./text.ts";

/** GitHub refuses a step summary over 1 MiB; a table of so many rows stays far below. */
const ROWS = 200;

const MARKS = { allowed: "✅", audited: "⚠️", denied: "❌" } as const;

/** The step summary (GitHub Markdown): for each project its figures, then a table of what is not let in. */
export function githubSummary(report: Report, places: ReportPlaces): string {
  const findings = findingsOf(report, places);
  return [
    `## ${MARKS[report.outcome]} safe-install ${asText(report.command)}: ${report.outcome}`,
    ...report.projects.map(figures),
    ...table(findings),
    "",
  ].join("\n");
}

function figures(project: ProjectReport): string {
  const where = project.lockfile ?? project.project;
  return `\n- ${MARKS[project.outcome]} ${asText(where)}: ${asText(groundsLine(project).trim())}`;
}

function table(findings: readonly Finding[]): readonly string[] {
  if (findings.length === 0) return [];
  const rest = findings.length - ROWS;
  return [
    "",
    "| package | code | why | what to do |",
    "|---|---|---|---|",
    ...findings.slice(0, ROWS).map(row),
    ...(rest > 0 ? ["", `${plural(rest, "more reason")}: see the log, or \`--report json=FILE\``] : []),
  ];
}

function row({ what, code, denial, level }: Finding): string {
  const details = denial.details.map(({ name, expected, found }) => `${name}: expected ${expected}, found ${found}`);
  const why = [denial.message, ...details].map(asText).join("<br>");
  return `| ${asText(what)} | ${code}${level === "warning" ? " (audit)" : ""} | ${why} | ${asText(denial.hint ?? "")} |`;
}
