import type { Report } from "../model/report.ts";
import { type Finding, findingsOf, sentences } from "./findings.ts";
import type { ReportPlaces } from "./places.ts";
import { plural, printable } from "./text.ts";

/** GitHub shows ten of each kind for a step and drops the rest. */
const SHOWN = 10;

/**
 * Annotations as workflow commands (`::error file=...`), ten errors and ten warnings at most; empty where all is let in.
 * Escaping is that of GitHub's own toolkit (`packages/core/src/command.ts`).
 */
export function github(report: Report, places: ReportPlaces): string {
  const findings = findingsOf(report, places);
  const shown = (["error", "warning"] as const).flatMap((level) => {
    const some = findings.filter((finding) => finding.level === level);
    const rest = some.length - SHOWN + 1;
    if (some.length <= SHOWN) return some.map(annotation);
    const more = command(level, {}, `${plural(rest, "more reason")}: see the summary of this job`);
    return [...some.slice(0, SHOWN - 1).map(annotation), more];
  });
  return shown.map((line) => `${line}\n`).join("");
}

function annotation({ level, code, what, denial, entry, rule }: Finding): string {
  const place = entry ?? rule?.place;
  const where = place === undefined ? {} : { file: place.file, line: String(place.line) };
  const text = sentences(denial).map(printable).join("\n");
  return command(level, { ...where, title: `${code} ${what}` }, text);
}

function command(name: string, properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(printable(value))}`);
  return `::${name}${list.length === 0 ? "" : ` ${list.join(",")}`}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
