import type { Report } from "../model/report.ts";
import { type Finding, findingsOf, sentences } from "./findings.ts";
import type { ReportPlaces } from "./places.ts";
import { printable } from "./text.ts";

/** Issues as logging commands of Azure Pipelines; escaping is that of its own task library (`taskcommand.ts`). */
export function azure(report: Report, places: ReportPlaces): string {
  return findingsOf(report, places)
    .map((finding) => `${issue(finding)}\n`)
    .join("");
}

function issue({ level, code, what, denial, entry, rule }: Finding): string {
  const place = entry ?? rule?.place;
  const where = place === undefined ? {} : { sourcepath: place.file, linenumber: String(place.line) };
  const properties = Object.entries({ type: level, ...where, code })
    .map(([key, value]) => `${key}=${escapeProperty(printable(value))};`)
    .join("");
  const text = [what, ...sentences(denial)].map(printable).join("\n");
  return `##vso[task.logissue ${properties}]${escapeData(text)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%AZP25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(";", "%3B").replaceAll("]", "%5D");
}
