import type { ProjectReport } from "../model/report.ts";
import { countGrounds, type GroundKind, hasFiles } from "./summary.ts";
import { plural, printable } from "./text.ts";

/** What each ground has of all packages that were judged, between 0 and 1, to four places. No packages: nothing has any. */
export function shares({ decisions }: ProjectReport): Readonly<Record<GroundKind, number>> {
  const counts = countGrounds(decisions);
  const share = (count: number) => Math.round((count / Math.max(decisions.length, 1)) * 10_000) / 10_000;
  return Object.fromEntries(Object.entries(counts).map(([kind, count]) => [kind, share(count)])) as Record<
    GroundKind,
    number
  >;
}

/** How many reasons of each code, the most frequent first. What audit lets through counts as well. */
function reasons({ decisions, unbound }: ProjectReport): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  const codes = [...unbound.map(({ denial }) => denial), ...decisions.flatMap(({ denials }) => denials)];
  for (const { code } of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].toSorted(([, left], [, right]) => right - left);
}

/** How far a roll-out is: only where something is left to do. */
export function rolloutLines(project: ProjectReport): readonly string[] {
  const { signed } = shares(project);
  const found = reasons(project);
  const total = found.reduce((sum, [, count]) => sum + count, 0);
  return [
    ...(project.decisions.length === 0 || signed === 1
      ? []
      : [
          `  roll-out: ${percent(signed)} of the ${hasFiles(project.decisions) ? "files" : "packages"} by their pinned publisher`,
        ]),
    ...(total < 2 ? [] : [`  reasons: ${found.map(([code, count]) => `${count} ${code}`).join(", ")}`]),
    ...exceptionsLine(project),
  ];
}

/** `95.5 %`, never rounded to all or to nothing. */
export function percent(share: number): string {
  const value = share * 100;
  // 99.97 is not yet 100, nor is 0.02 nothing.
  const rounded = value > 99 ? Math.floor(value * 10) / 10 : value < 1 ? Math.ceil(value * 10) / 10 : Math.round(value);
  return `${rounded} %`;
}

function exceptionsLine({ exceptions }: ProjectReport): readonly string[] {
  if (exceptions.length === 0) return [];
  const since = exceptions.flatMap((one) => (one.since === null ? [] : [one.since])).toSorted();
  const active = exceptions.filter(({ daysLeft }) => daysLeft > 0);
  const next = active.toSorted((left, right) => left.daysLeft - right.daysLeft)[0];
  const unused = active.filter(({ uses }) => uses === 0).length;
  const parts = [
    ...(since[0] === undefined ? [] : [`the oldest since ${since[0]}`]),
    ...(next === undefined ? [] : [`the next to end: ${printable(next.package)} on ${next.expires}`]),
    ...(exceptions.length === active.length ? [] : [`${exceptions.length - active.length} expired`]),
    ...(unused === 0 ? [] : [`${unused} without effect here`]),
  ];
  return [`  ${plural(exceptions.length, "exception")}: ${parts.join("; ")}`];
}
