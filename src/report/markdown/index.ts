import type { JsonProject, JsonReport } from "../json-schema.ts";
import { asCode, asText } from "./text.ts";
import { parsePurl } from "../../ecosystems/purl.ts";
import { percent } from "../rollout.ts";
import { GROUND_WORDS, type GroundKind } from "../summary.ts";
import { plural } from "../text.ts";

/** GitHub takes comments of 65,536 characters, and every other system at least as many. */
const LONGEST = 60_000;

/** Further than so many days ahead nothing is said of what ends. */
const AHEAD_DAYS = 60;

/** What is shown of one text; the rest is in the other reports. */
const SHOWN = 400;

const MARKS = { allowed: "✅", audited: "⚠️", denied: "❌" } as const;

/**
 * A comment on a change (GitHub Flavored Markdown): what was decided, what is not let in and what settles it, the share of
 * verified publishers and what changed of it since the last run, who signs. Text from outside is only ever text.
 */
export function markdown(report: JsonReport): string {
  const { command, outcome, projects } = report;
  const many = projects.length > 1;
  const blocks = projects.flatMap((one) => [
    ...(many ? [[`#### ${MARKS[one.outcome]} ${asCode(one.lockfile ?? one.project)}`]] : []),
    [trustLine(one)],
    figures(one),
    denials(one),
    changes(one),
    looks(one),
    signers(one),
    endings(one),
  ]);
  const head = `### ${MARKS[outcome]} safe-install ${asText(command)}: ${outcome}`;
  return fitted([[head], ...blocks, [footer(report)]]);
}

/** Whole lines, as many as go into a comment: a table that is cut says so. */
function fitted(blocks: readonly (readonly string[])[]): string {
  let left = LONGEST;
  const shown = blocks.flatMap((block) => {
    const lines: string[] = [];
    for (const line of block) {
      if (line.length + 1 > left) return [...lines, "", "*The rest is in the other reports.*"];
      left -= line.length + 1;
      lines.push(line);
    }
    return lines.length === 0 ? [] : [...lines, ""];
  });
  return `${shown.join("\n").trimEnd()}\n`;
}

function trustLine({ summary, before = null, outcome }: JsonProject): string {
  const now = summary.shares["signed"] ?? 0;
  const words = outcome === "audited" ? "by their pinned publisher" : "with a verified publisher";
  const whole = `**${percent(now)}** of ${plural(summary.packages, "package")} ${words}`;
  if (before === null || before.packages === 0) return whole;
  const points = (now - (before.grounds["signed"] ?? 0) / before.packages) * 100;
  const moved = Math.abs(points) < 0.05 ? "as" : `${points > 0 ? "+" : "−"}${Math.abs(points).toFixed(1)} points since`;
  return `${whole}, ${moved} the run of ${day(before.time)}`;
}

function day(time: string): string {
  return asText(time.slice(0, 10));
}

function figures({ summary, before = null, outcome }: JsonProject): readonly string[] {
  const kinds = (Object.keys(GROUND_WORDS) as GroundKind[]).filter(
    (kind) => (summary.grounds[kind] ?? 0) > 0 || (before?.grounds[kind] ?? 0) > 0,
  );
  const named = (kind: GroundKind) =>
    kind === "signed" && outcome === "audited" ? "by their pinned publisher" : GROUND_WORDS[kind];
  const rows: readonly (readonly [string, number, number])[] = [
    ...kinds.map((kind) => [named(kind), summary.grounds[kind] ?? 0, before?.grounds[kind] ?? 0] as const),
    ...(summary.unbound + (before?.unbound ?? 0) > 0
      ? [["denied, for nothing binds its bytes", summary.unbound, before?.unbound ?? 0] as const]
      : []),
  ];
  if (rows.length === 0) return [];
  if (before === null) return ["| | packages |", "|---|--:|", ...rows.map(([name, now]) => `| ${name} | ${now} |`)];
  return [
    "| | now | before | |",
    "|---|--:|--:|--:|",
    ...rows.map(([name, now, then]) => `| ${name} | ${now} | ${then} | ${signed(now - then)} |`),
  ];
}

function signed(difference: number): string {
  return difference === 0 ? "" : difference > 0 ? `+${difference}` : `−${-difference}`;
}

function denials({ packages, unbound, outcome }: JsonProject): readonly string[] {
  const all = [
    ...unbound.map(({ purl, location, denial }) => ({ what: purl === null ? location : named(purl), denial })),
    ...packages.flatMap(({ purl, denials: some }) => some.map((denial) => ({ what: named(purl), denial }))),
  ];
  if (all.length === 0) return [];
  return [
    outcome === "denied" ? "#### Not let in" : "#### What the policy would deny",
    "",
    "| package | code | why | what settles it |",
    "|---|---|---|---|",
    ...all.map(({ what, denial: { code, message, details, hint = `safe-install explain ${code}` } }) => {
      const compared = details.map(
        ({ name, expected, found }) => `${asText(name)}: expected ${cell(expected)}, found ${cell(found)}`,
      );
      return `| ${cell(what)} | ${asCode(code)} | ${[lines(message), ...compared].join("<br>")} | ${cell(hint)} |`;
    }),
  ];
}

function changes({ changes: all = [] }: JsonProject): readonly string[] {
  if (all.length === 0) return [];
  const words = (ground: GroundKind | null) => (ground === null ? "" : GROUND_WORDS[ground]);
  return [
    `<details><summary>${plural(all.length, "package")} changed since the last run</summary>`,
    "",
    "| package | was | is |",
    "|---|---|---|",
    ...all.map(
      ({ purl, from, to }) => `| ${cell(named(purl))} | ${words(from) || "not there"} | ${words(to) || "gone"} |`,
    ),
    "",
    "</details>",
  ];
}

function looks({ summary }: JsonProject): readonly string[] {
  const found = summary.signers.filter((one) => one.looks.length > 0);
  if (found.length === 0) return [];
  return [
    "#### Deserves a second look",
    "",
    ...found.map(
      (one) => `- ${cell(one.signer)} (${plural(one.packages.length, "package")}): ${one.looks.map(lines).join("; ")}`,
    ),
  ];
}

function signers({ summary }: JsonProject): readonly string[] {
  if (summary.signers.length === 0) return [];
  return [
    "<details><summary>Who signs</summary>",
    "",
    "| signer | repository | packages |",
    "|---|---|--:|",
    ...summary.signers.map(
      ({ signer, repository, packages }) =>
        `| ${cell(signer)} | ${repository === null ? "" : cell(repository)} | ${packages.length} |`,
    ),
    "",
    "</details>",
  ];
}

function endings({ summary }: JsonProject): readonly string[] {
  const soon = summary.endings.filter(({ daysLeft }) => daysLeft <= AHEAD_DAYS);
  if (soon.length === 0) return [];
  return [
    "#### Ends soon",
    "",
    ...soon.map(
      ({ what, expires, daysLeft }) =>
        `- ${cell(what)} ${daysLeft <= 0 ? "ended" : "ends"} on ${asText(expires)}${daysLeft > 0 ? `, in ${plural(daysLeft, "day")}` : ""}`,
    ),
  ];
}

function footer({ projects, time, tool }: JsonReport): string {
  const policies = new Set(
    projects.flatMap(({ policies: all }) =>
      all.map(({ name, mode, digest }) => `${asCode(name)}${mode === "audit" ? " (audit)" : ""} ${asCode(digest)}`),
    ),
  );
  const under = policies.size === 0 ? "" : ` under ${[...policies].join(", ")}`;
  return `<sub>safe-install ${asText(tool.version)}, ${asText(time)}${under}</sub>`;
}

function named(purl: string): string {
  const read = parsePurl(purl);
  if (read === null) return purl;
  return `${read.ecosystem}:${read.name}${read.version === null ? "" : `@${read.version}`}`;
}

function cell(text: string): string {
  return asCode(short(text));
}

function lines(text: string): string {
  return short(text).split("\n").map(asText).join("<br>");
}

/** By characters, so that none is cut in two. */
function short(text: string): string {
  const all = Array.from(text);
  return all.length <= SHOWN ? text : `${all.slice(0, SHOWN).join("")}…`;
}
