import type { JsonProject, JsonReport } from "../json-schema.ts";
import { signersOf } from "../figures/signers.ts";
import { dayOf, daysUntil } from "../../policy/day.ts";
import { groundWords, tallyOf } from "../html/words.ts";
import type { Trend } from "../html/trend.ts";
import { GROUND_WORDS, type GroundKind } from "../summary.ts";
import { plural } from "../text.ts";
import { byText } from "../json.ts";
import { figuresOf, sinceThen } from "./since.ts";
import { type LoggedRun, runsIn } from "./runs.ts";
import { resolve } from "node:path";

/** What decision logs hold: the last run over each lock as a report, and how each came about. */
export interface Logged {
  readonly report: JsonReport;
  readonly trends: readonly Trend[];
  /** Lines that are none of ours. */
  readonly unread: number;
}

interface ReadingMeans {
  readonly cwd: string;
  readonly version: string;
  readonly now: Date;
}

interface Lock {
  readonly runs: Trend["runs"][number][];
  /** The last two: the later is shown, and compared with the one before. */
  last: LoggedRun;
  before: LoggedRun | null;
}

/**
 * Reads logs one run after another, and holds whole only the last two over each lock. A run over what had changed only says
 * nothing of the lock as a whole, and is left out. @throws SafeInstallError FILE_UNREADABLE, FILE_TOO_LARGE
 */
export async function readLogs(logs: readonly string[], means: ReadingMeans): Promise<Logged> {
  const locks = new Map<string, Lock>();
  let unread = 0;
  for (const log of new Set(logs)) {
    for await (const run of runsIn(resolve(means.cwd, log), log)) {
      if (run === null) unread += 1;
      else if (!run.isPart) add(locks, run);
    }
  }
  const all = [...locks].toSorted(([left], [right]) => byText(left, right)).map(([, lock]) => lock);
  return {
    report: reportOf(all, means),
    trends: all.map((lock) => ({ name: nameOf(lock.last, logs.length > 1), runs: lock.runs })),
    unread,
  };
}

function add(locks: Map<string, Lock>, run: LoggedRun): void {
  const key = JSON.stringify([run.log, run.project, run.lockfile]);
  const lock = locks.get(key);
  const { grounds, unbound, packages, time } = figuresOf(run);
  const drawn = { time, command: run.command, exit: run.exit, packages, tally: tallyOf(grounds, unbound) };
  if (lock === undefined) locks.set(key, { runs: [drawn], last: run, before: null });
  else {
    lock.runs.push(drawn);
    [lock.before, lock.last] = [lock.last, run];
  }
}

function nameOf({ log, lockfile, project }: LoggedRun, isOneOfSeveral: boolean): string {
  return isOneOfSeveral ? `${log}: ${lockfile ?? project}` : (lockfile ?? project);
}

/** The last runs as one report; what a log does not hold (notes, what was not judged) is not in it. */
function reportOf(locks: readonly Lock[], { version, now }: ReadingMeans): JsonReport {
  const projects = locks.map((lock) => projectOf(lock, now));
  const outcomes = projects.map(({ outcome }) => outcome);
  return {
    schemaVersion: 1,
    tool: { name: "safe-install", version },
    time: now.toISOString(),
    command: "report",
    outcome: (["denied", "audited"] as const).find((one) => outcomes.includes(one)) ?? "allowed",
    exit: Math.max(0, ...projects.map(({ exit }) => exit)),
    projects,
  };
}

function projectOf({ last, before }: Lock, now: Date): JsonProject {
  const packages = last.packages.toSorted((left, right) => byText(left.purl, right.purl));
  const { unbound, log, lockfile, project, exit, command } = last;
  const { grounds, denials } = figuresOf(last);
  const earlier = before === null ? [] : [{ ...before, command }];
  return {
    project: `${log}: ${project}`,
    lockfile: lockfile === null ? null : `${log}: ${lockfile}`,
    policies: policiesOf(last),
    outcome: outcomeOf(last),
    exit,
    notes: [],
    summary: {
      text: textOf(grounds, packages, outcomeOf(last)),
      packages: packages.length,
      unbound: unbound.length,
      grounds,
      shares: sharesOf(grounds, packages.length),
      denials,
      exceptions: [],
      endings: endingsOf(last, now),
      signers: [...signersOf(packages)],
      notGated: {},
    },
    ...sinceThen(earlier, { command, report: { project, lockfile }, packages, unbound: [...unbound] }),
    packages,
    unbound: [...unbound],
    notGated: [],
  };
}

/** As the report for people says it of its decisions. */
function textOf(
  grounds: Readonly<Record<string, number>>,
  packages: readonly unknown[],
  outcome: JsonProject["outcome"],
): string {
  const parts = (Object.keys(GROUND_WORDS) as GroundKind[])
    .filter((kind) => (grounds[kind] ?? 0) > 0 || kind === "signed")
    .map((kind) => `${grounds[kind] ?? 0} ${groundWords(kind, outcome)}`);
  return `${plural(packages.length, "package")}: ${parts.join(", ")}`;
}

function outcomeOf({ packages, unbound }: LoggedRun): JsonProject["outcome"] {
  const outcomes = packages.map(({ outcome }) => outcome);
  if (unbound.length > 0 || outcomes.includes("denied")) return "denied";
  return outcomes.includes("audited") ? "audited" : "allowed";
}

function sharesOf(grounds: Readonly<Record<string, number>>, whole: number): Record<string, number> {
  const share = (kind: GroundKind) => Math.round(((grounds[kind] ?? 0) / Math.max(whole, 1)) * 10_000) / 10_000;
  return Object.fromEntries((Object.keys(GROUND_WORDS) as GroundKind[]).map((kind) => [kind, share(kind)]));
}

/** Which policies spoke, by what the lines say of them; the mode is not in a log, and only audit lets through what it denies. */
function policiesOf({ packages }: LoggedRun): JsonProject["policies"] {
  const found = new Map<string, JsonProject["policies"][number]>();
  for (const layer of packages.flatMap(({ layers }) => layers)) {
    const digest = layer.policyDigest ?? null;
    const known = found.get(layer.policy);
    if (digest === null || known?.mode === "audit") continue;
    found.set(layer.policy, { name: layer.policy, digest, mode: layer.outcome === "audited" ? "audit" : "enforce" });
  }
  return [...found.values()];
}

/** Of what let a package in, as long as it does. */
function endingsOf({ packages }: LoggedRun, now: Date): JsonProject["summary"]["endings"] {
  const all = packages.flatMap(({ purl, layers }) =>
    layers.flatMap(({ policy, ground }) => {
      const expires = ground?.["expires"];
      const end = typeof expires === "string" ? dayOf(expires) : null;
      if (typeof expires !== "string" || end === null) return [];
      return [{ policy, what: `${String(ground?.["kind"])} ${purl}`, expires, daysLeft: daysUntil(end, now) + 0 }];
    }),
  );
  return all.toSorted((left, right) => left.daysLeft - right.daysLeft);
}
