import { EXIT } from "../exit.ts";
import { label } from "../model/package.ts";
import type { Artifact } from "../model/artifact.ts";
import { CODES, type Denial } from "../model/codes.ts";
import { formatDigest } from "../model/digest.ts";
import type { ProjectReport, Report, UnboundReport } from "../model/report.ts";
import { denialBlock } from "./denial.ts";
import { rolloutLines } from "./rollout.ts";
import { builtLines, countGrounds, groundsLine, hasFiles, notGatedLines, packagesOf, scriptsLine } from "./summary.ts";
import { type Paint, plural, printable, wrap } from "./text.ts";

/** Full blocks of so many packages; the rest is counted by code. */
const BLOCKS = 25;

/** The report for people, for a screen of so many columns. */
export function pretty(report: Report, paint: Paint, columns: number): string {
  return report.projects.map((project) => `${prettyProject(project, report.command, paint, columns)}\n`).join("\n");
}

function prettyProject(project: ProjectReport, command: string, paint: Paint, columns: number): string {
  return [
    ...blocks(project, paint, columns),
    heading(project, command, paint),
    ...project.notes.map((note) => `  ${paint("yellow", "note")}  ${wrap(printable(note), columns, "        ")}`),
    ...builtLines(project),
    groundsLine(project),
    ...rolloutLines(project),
    ...notGatedLines(project),
    ...scriptsLine(project),
    verdictLine(project, command, paint),
  ].join("\n");
}

function heading(project: ProjectReport, command: string, paint: Paint): string {
  const policies = project.policies
    .map(({ name, mode }) => `${printable(name)}${mode === "audit" ? " (audit)" : ""}`)
    .join(" + ");
  const lockfile = project.lockfile === null ? [] : [printable(project.lockfile)];
  return [paint("bold", `safe-install ${printable(command)}`), ...lockfile, `under ${policies}`].join("  ");
}

function blocks(project: ProjectReport, paint: Paint, columns: number): string[] {
  const all = together([...project.unbound.map(ofUnbound), ...ofDecisions(project)]);
  const shown = all
    .slice(0, BLOCKS)
    .map(({ title, denial, mark, files }) => denialBlock(title, denial, mark, paint, columns, files));
  const rest = all.slice(BLOCKS);
  if (rest.length === 0) return shown.map((block) => `${block}\n`);
  const more = `${plural(rest.length, "more reason")}: ${countByCode(rest.map(({ denial }) => denial))}; all of them with --report json`;
  return [...shown, more].map((block) => `${block}\n`);
}

/** That one place is down, or has nothing, is said once, not of every package. */
function together(blocks: readonly Block[]): readonly Block[] {
  const keyOf = ({ title, denial, mark }: Block) =>
    JSON.stringify([mark, denial, denial === UNSERVED || CODES[denial.code].exit === EXIT.unavailable ? null : title]);
  const groups = new Map<string, Block[]>();
  for (const one of blocks) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    return [{ ...first, title: titleOf(same.map(({ title }) => title)), files: same.flatMap(({ files }) => files) }];
  });
}

function titleOf(names: readonly string[]): string {
  const [first = "", ...others] = new Set(names);
  if (others.length === 0) return names.length === 1 ? first : `${first} (${names.length} files)`;
  return others.length < FEW ? [first, ...others].join(", ") : `${first} and ${plural(others.length, "more package")}`;
}

const FEW = 4;

interface Block {
  readonly title: string;
  readonly denial: Denial;
  readonly mark: "✗" | "!";
  /** Which files, where a package has several: name and digest. */
  readonly files: readonly string[];
}

function ofUnbound({ package: ref, location, denial }: UnboundReport): Block {
  return { title: ref === null ? location : label(ref), denial, mark: "✗", files: [] };
}

/** In the place of what a note says of the place itself. */
const UNSERVED: Denial = {
  code: "NO_EVIDENCE",
  message: "found no signature or provenance of any package where these come from: see the note",
  details: [],
};

function ofDecisions({ decisions, unserved = [] }: ProjectReport): Block[] {
  const failed = decisions.filter(({ outcome }) => outcome !== "allowed");
  const ordered = [...failed].sort((a, b) => Number(a.outcome === "audited") - Number(b.outcome === "audited"));
  const titles = decisions.map(({ artifact }) => label(artifact.package));
  return ordered.flatMap(({ artifact, outcome, denials }) => {
    const title = label(artifact.package);
    const files = titles.indexOf(title) === titles.lastIndexOf(title) ? [] : [fileOf(artifact)];
    const mark = outcome === "denied" ? "✗" : "!";
    const isUnserved = ({ code }: Denial) => code === "NO_EVIDENCE" && unserved.includes(artifact.package.purl);
    return denials.map((one) =>
      isUnserved(one) ? { title, denial: UNSERVED, mark, files: [] } : { title, denial: one, mark, files },
    );
  });
}

function fileOf({ subjectNames, locations, digests }: Artifact): string {
  const [digest] = digests.toSorted((one, other) => one.algorithm.localeCompare(other.algorithm));
  return [subjectNames[0] ?? locations[0], digest && formatDigest(digest)].filter((one) => one !== undefined).join(" ");
}

function countCodes(denials: readonly Denial[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { code } of denials) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

function countByCode(denials: readonly Denial[]): string {
  return [...countCodes(denials)].map(([code, count]) => `${count} ${code}`).join(", ");
}

function isPart({ notGated }: ProjectReport): boolean {
  return notGated.some(({ kind }) => kind === "unchanged");
}

/** No tick stands over what nothing proves. */
function allowedLine(project: ProjectReport, paint: Paint): string {
  const { signed, baseline, recorded, archive } = countGrounds(project.decisions);
  const words = `every ${isPart(project) ? "changed package" : "package"} is allowed by a rule`;
  if (signed + baseline > 0) return paint("green", `✓ ${words}`);
  const pinned = recorded + archive;
  const said =
    pinned > 0
      ? `0 of ${project.decisions.length}${hasFiles(project.decisions) ? " files" : ""} have a verified publisher; ${pinned} pinned by hash (trust on first use)`
      : `${words}; nothing was proven`;
  return paint("yellow", `! ${said}`);
}

/** Neither a tick nor a cross. */
function nothingLine(project: ProjectReport, paint: Paint): string {
  return paint(
    "dim",
    isPart(project) ? "- nothing to judge: no package has changed" : "- nothing to judge: no package",
  );
}

/** Where each code is explained, those of most packages first. */
function moreLine({ decisions, unbound }: ProjectReport): string[] {
  const denials = decisions.filter(({ outcome }) => outcome === "denied").flatMap((one) => one.denials);
  const codes = countCodes([...denials, ...unbound.map(({ denial }) => denial)]);
  const ordered = [...codes].toSorted(([, left], [, right]) => right - left).map(([code]) => code);
  return ordered.slice(0, 3).map((code) => `  more: safe-install explain ${code}`);
}

function verdictLine(project: ProjectReport, command: string, paint: Paint): string {
  const nothing = command === "check" ? "" : "; nothing was installed, nothing was changed";
  switch (project.outcome) {
    case "allowed":
      return project.decisions.length === 0 ? nothingLine(project, paint) : allowedLine(project, paint);
    case "audited":
      return paint("yellow", `! audit: let through although the policy would deny; nothing here is called verified`);
    case "denied": {
      const found = project.decisions.filter(({ outcome }) => outcome === "denied");
      const denied = packagesOf(found) + new Set(project.unbound.map((one) => ofUnbound(one).title)).size;
      return [paint("red", `✗ ${plural(denied, "package")} denied${nothing}`), ...moreLine(project)].join("\n");
    }
    default:
      return project.outcome satisfies never;
  }
}
