import { TRAITS } from "../ecosystems/index.ts";
import type { NotGated } from "../model/artifact.ts";
import type { Decision, Ground } from "../model/decision.ts";
import { formatDigest } from "../model/digest.ts";
import { label } from "../model/package.ts";
import type { ProjectReport } from "../model/report.ts";
import { few, plural, printable } from "./text.ts";

export type GroundKind = Ground["kind"] | "audited" | "denied";

/** What each ground is called, in every report. */
export const GROUND_WORDS = {
  signed: "publisher verified",
  baseline: "registry baseline",
  recorded: "pinned by hash",
  archive: "listed archives, pinned by hash",
  unsigned: "unsigned, as a rule allows",
  excepted: "by an exception",
  audited: "let through by audit",
  denied: "denied",
} as const satisfies Record<GroundKind, string>;

/** In audit mode nothing is called verified. */
const PINNED = "by their pinned publisher";

/** The weakest ground on which an artifact is allowed: what one would want to improve first. */
const WEAKEST: readonly Ground["kind"][] = ["excepted", "unsigned", "archive", "recorded", "baseline", "signed"];

export function groundOf(decision: Decision): GroundKind {
  if (decision.outcome !== "allowed") return decision.outcome;
  const kinds = decision.layers.flatMap((layer) => (layer.outcome === "allowed" ? [layer.ground.kind] : []));
  return WEAKEST.find((kind) => kinds.includes(kind)) ?? "denied";
}

export function countGrounds(decisions: readonly Decision[]): Readonly<Record<GroundKind, number>> {
  const counts = { signed: 0, baseline: 0, recorded: 0, archive: 0, unsigned: 0, excepted: 0, audited: 0, denied: 0 };
  for (const decision of decisions) counts[groundOf(decision)]++;
  return counts;
}

/** `312 packages: 298 publisher verified, 14 pinned by hash`; how many publishers were verified is always said */
export function groundsLine({ decisions, outcome }: ProjectReport): string {
  const counts = countGrounds(decisions);
  const parts = (Object.keys(GROUND_WORDS) as GroundKind[])
    .filter((kind) => counts[kind] > 0 || (kind === "signed" && decisions.length > 0))
    .map((kind) => `${counts[kind]} ${kind === "signed" && outcome === "audited" ? PINNED : GROUND_WORDS[kind]}`);
  return `  ${judgedText(decisions)}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`;
}

/** `3 packages`; where a lock holds several files of one package, `3 packages, 12 files`: each file is judged, and counted. */
function judgedText(decisions: readonly Decision[]): string {
  const packages = plural(packagesOf(decisions), "package");
  return hasFiles(decisions) ? `${packages}, ${decisions.length} files` : packages;
}

/** How many packages they are, whatever the number of their files. */
export function packagesOf(decisions: readonly Decision[]): number {
  return new Set(decisions.map(({ artifact }) => artifact.package.purl)).size;
}

export function hasFiles(decisions: readonly Decision[]): boolean {
  return packagesOf(decisions) < decisions.length;
}

/** Every digest of what is to be promoted, whatever was decided: whoever promotes compares. */
export function builtLines({ decisions }: ProjectReport): string[] {
  return decisions.flatMap(({ artifact: { built = [], locations, package: ref } }) =>
    built.map((digest) => `  ${formatDigest(digest)}  ${locations.map(printable).join(", ")}  ${label(ref)}`),
  );
}

/** What is not judged, and why. */
export const NOT_JUDGED_WORDS = {
  workspace: "workspaces (yours)",
  "first-party": "folders of this repository (yours)",
  bundled: "bundled inside another package, covered by its digest",
  "other-platform": "optional for another platform, not installed here",
  omitted: "left out by omit",
  unchanged: "unchanged since the revision, under the same policy",
  "on-disk": "run or left as it lies on disk, not proven again",
  "in-restore": "run as part of your restore, once everything else is allowed",
  "passed-over": "newer, but only there as source, which is never built",
  "not-locked": "not in the lock, judged by an install",
  "not-supported": "not supported, and nothing of it restored",
  unlocked: "in no lock, but fetched and run by its tool",
} as const satisfies Record<NotGated["kind"], string>;

/** What the gate did not judge, counted and named. */
export function notGatedLines({ notGated }: ProjectReport): string[] {
  return (Object.keys(NOT_JUDGED_WORDS) as NotGated["kind"][]).flatMap((kind) => {
    const names = notGated.filter((one) => one.kind === kind).map(({ name }) => name);
    return names.length === 0 ? [] : [`  not judged: ${names.length} ${NOT_JUDGED_WORDS[kind]}: ${few(names, 5)}`];
  });
}

/** Packages whose scripts run once they are allowed; those of NuGet run nothing before a build. */
export function scriptsLine({ decisions }: ProjectReport): string[] {
  const running = decisions.filter(({ artifact }) => artifact.runsScripts);
  const inBuild = running.filter(({ artifact }) => TRAITS[artifact.package.ecosystem].scriptsRun === "in the build");
  const scripted = running.filter((one) => !inBuild.includes(one));
  const names = (skipped: boolean) =>
    scripted.filter(({ scripts }) => (scripts === "skip") === skipped).map(({ artifact }) => label(artifact.package));
  const line = (words: string, found: readonly string[]) =>
    found.length === 0 ? [] : [`  ${words}: ${few(found, 5)}`];
  return [
    ...line("with install scripts", names(false)),
    ...line("install scripts that the policy does not let run", names(true)),
    ...line(
      "with files that run in the build",
      inBuild.map(({ artifact }) => label(artifact.package)),
    ),
  ];
}
