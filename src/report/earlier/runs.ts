import { linesOf } from "../../io/lines.ts";
import { LIMITS } from "../../limits.ts";
import * as v from "valibot";
import type { EarlierRun } from "./since.ts";
import { JsonDenial, JsonPackage } from "../json-schema.ts";

/** A run as a decision log holds it, with the packages whole. */
export interface LoggedRun extends EarlierRun {
  /** The log as it was named: which repository it is of. */
  readonly log: string;
  readonly tool: string;
  readonly packages: readonly JsonPackage[];
}

/** The runs at the end of a decision log, the earliest first; none where there is no such log yet. */
export async function lastRuns(log: string): Promise<readonly EarlierRun[]> {
  const runs: LoggedRun[] = [];
  for await (const run of runsIn(log, log, LIMITS.logTailBytes)) if (run !== null) runs.push(run);
  return runs;
}

/**
 * Each run of a decision log once its last line is read, in the order of the log; null for each line that is none of ours.
 * Runs that wrote at the same time have not torn each other's lines.
 * @throws SafeInstallError FILE_UNREADABLE, FILE_TOO_LARGE
 */
export async function* runsIn(path: string, log: string, last?: number): AsyncGenerator<LoggedRun | null> {
  let open: Writing | null = null;
  for await (const line of linesOf(path, last)) {
    if (line.trim() === "") continue;
    const read = lineOf(line);
    if (read === null) {
      yield null;
      continue;
    }
    const key = JSON.stringify([read.time, read.tool, read.command, read.project, read.lockfile]);
    if (open !== null && open.key !== key) yield open.run;
    if (open === null || open.key !== key) open = begun(key, read, log);
    add(open, read);
  }
  if (open !== null) yield open.run;
}

interface Writing {
  readonly key: string;
  readonly packages: JsonPackage[];
  readonly unbound: EarlierRun["unbound"][number][];
  readonly run: LoggedRun;
}

function begun(key: string, { time, tool, command, exit, project, lockfile, part }: Line, log: string): Writing {
  const [packages, unbound] = [[], []];
  const run = { log, time, tool, command, exit, project, lockfile, isPart: part === true, packages, unbound };
  return { key, packages, unbound, run };
}

function add({ packages, unbound }: Writing, line: Line): void {
  if ("location" in line) {
    unbound.push(
      ...line.denials.map((denial) => ({
        purl: line.package,
        location: line.location,
        denial,
      })),
    );
    return;
  }
  const { package: purl, outcome, ground, digests, runsScripts = false, layers, denials, evidence, unavailable } = line;
  const judged = { outcome, ground, digests, runsScripts, layers, denials, evidence, unavailable };
  packages.push({ purl, locations: [], ...judged });
}

const RUN = {
  schemaVersion: v.literal(1),
  time: v.pipe(v.string(), v.isoTimestamp()),
  tool: v.string(),
  command: v.string(),
  exit: v.number(),
  project: v.string(),
  lockfile: v.nullable(v.string()),
  part: v.optional(v.boolean()),
};

const { digests, outcome, ground, layers, denials, evidence, unavailable } = JsonPackage.entries;

const Line = v.union([
  v.object({ ...RUN, package: v.nullable(v.string()), location: v.string(), denials: v.array(JsonDenial) }),
  v.object({
    ...RUN,
    package: v.string(),
    digests,
    outcome,
    ground,
    runsScripts: v.optional(v.boolean()),
    layers,
    denials,
    evidence,
    unavailable,
  }),
]);

type Line = v.InferOutput<typeof Line>;

function lineOf(text: string): Line | null {
  try {
    const read = v.safeParse(Line, JSON.parse(text));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}
