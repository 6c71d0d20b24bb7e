import type { JsonReport } from "../../src/report/json-schema.ts";

/**
 * A report in which every text that others may have had a hand in is one and the same text: names, places, claims,
 * messages, hints, notes. What is ours stays: outcomes, grounds, codes, times.
 */
export function filledWith(report: JsonReport, text: string): JsonReport {
  return filled(report, "", text) as JsonReport;
}

/** Members whose values are words of ours. */
const OURS = new Set(
  "schemaVersion outcome ground status kind time signedAt mode code from to scripts version expires since".split(" "),
);

function filled(value: unknown, name: string, text: string): unknown {
  if (typeof value === "string") return OURS.has(name) || (name === "name" && value === "safe-install") ? value : text;
  if (Array.isArray(value)) return value.map((one: unknown) => filled(one, name === "excuses" ? "code" : name, text));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  // Names of claims come from a certificate, but only known ones are read.
  return Object.fromEntries(entries.map(([key, one]) => [key, filled(one, key, text)]));
}
