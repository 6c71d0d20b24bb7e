import type { ExceptionFigure } from "../../model/report.ts";
import { type Paint, plural, printable, wrap } from "../../report/text.ts";

/** Every exception that is there, those first that end first. */
export function exceptionList(
  all: readonly (ExceptionFigure & { readonly reason: string })[],
  paint: Paint,
  columns: number,
): string {
  if (all.length === 0) return "no exceptions\n";
  const sorted = all.toSorted((left, right) => left.daysLeft - right.daysLeft);
  const blocks = sorted.map(({ package: purl, excuses, reason, approvedBy, ageDays, expires, daysLeft, policy }) => {
    const age = ageDays === null ? "" : `, ${plural(ageDays, "day")} old`;
    const by = approvedBy === null ? "" : `, approved by ${approvedBy}`;
    const left = daysLeft <= 0 ? paint("red", `ended on ${expires}`) : `${plural(daysLeft, "day")} left (${expires})`;
    return [
      `${printable(purl)}  ${excuses.join(", ")}`,
      `  ${left}${printable(`${age}${by}`)}  ${printable(policy)}`,
      `  ${wrap(printable(reason), columns, "  ")}`,
    ].join("\n");
  });
  return `${blocks.join("\n")}\n${plural(all.length, "exception")}\n`;
}
