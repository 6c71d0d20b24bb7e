import type { ProjectReport } from "../../model/report.ts";
import type { JsonPackage, JsonProject, JsonUnbound } from "../json-schema.ts";
import { countBy, type GroundKind, weakest } from "../figures/tally.ts";

/** One run over one lock, as a decision log holds it. */
export interface EarlierRun {
  readonly time: string;
  readonly command: string;
  readonly exit: number;
  readonly project: string;
  readonly lockfile: string | null;
  /** Judged only what had changed. */
  readonly isPart: boolean;
  readonly packages: readonly Pick<JsonPackage, "purl" | "ground" | "denials">[];
  readonly unbound: readonly JsonUnbound[];
}

interface This {
  readonly command: string;
  readonly report: Pick<ProjectReport, "project" | "lockfile">;
  readonly packages: readonly JsonPackage[];
  readonly unbound: readonly JsonUnbound[];
}

/** What the last whole run of the same command over the same lock found, and what is otherwise since then. */
export function sinceThen(
  earlier: readonly EarlierRun[],
  { command, report, packages, unbound }: This,
): Pick<JsonProject, "before" | "changes"> {
  const last = earlier.findLast(
    (run) =>
      !run.isPart && run.command === command && run.project === report.project && run.lockfile === report.lockfile,
  );
  if (last === undefined) return { before: null, changes: [] };
  return { before: figuresOf(last), changes: changesBetween(last, { packages, unbound }) };
}

/** A run in numbers. */
export function figuresOf({ time, packages, unbound }: Pick<EarlierRun, "time" | "packages" | "unbound">) {
  const denials = [...unbound.map(({ denial }) => denial), ...packages.flatMap((one) => one.denials)];
  return {
    time,
    packages: packages.length,
    grounds: countBy(packages.map(({ ground }) => ground)),
    denials: countBy(denials.map(({ code }) => code)),
    unbound: unbound.length,
  };
}

type Judged = Pick<EarlierRun, "packages" | "unbound">;

function changesBetween(before: Judged, after: Judged): NonNullable<JsonProject["changes"]> {
  const [old, fresh] = [groundsOf(before), groundsOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((purl) => {
    const [from, to] = [old.get(purl) ?? null, fresh.get(purl) ?? null];
    return from === to ? [] : [{ purl, from, to }];
  });
}

/** Of a package with several files the weakest counts; what cannot be bound is denied. */
function groundsOf({ packages, unbound }: Judged): ReadonlyMap<string, GroundKind> {
  const grounds = new Map<string, GroundKind>();
  for (const { purl, ground } of packages) grounds.set(purl, weakest(grounds.get(purl) ?? ground, ground));
  for (const { purl } of unbound) if (purl !== null) grounds.set(purl, "denied");
  return grounds;
}
