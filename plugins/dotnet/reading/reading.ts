import { type Host, SafeInstallError } from "../../../src/plugin.ts";
import type { RestoreTarget } from "../target.ts";
import { type Obstacle, filesRead, type ProjectGround, type HookedTarget } from "./closure.ts";
import { whatRuns } from "./hooks.ts";

type Reader = Pick<Host, "env" | "read">;

/**
 * Before the verdict only what the SDK and proven packages bring may run. A project that would have MSBuild run, load or
 * believe a file of its own while it is read is not read: it is refused by name, from its text alone.
 * @throws SafeInstallError kind "unbound", PROJECT_RUNS
 */
export async function requireQuiet(target: RestoreTarget, ground: ProjectGround, host: Reader): Promise<void> {
  refuse((await obstaclesOf(target, ground, host)).obstacles);
}

/** What is left out of a reading. */
export interface LeftOut {
  /** In the order of the files. */
  readonly targets: readonly HookedTarget[];
  /** All that MSBuild may read of the project. */
  readonly files: readonly string[];
}

/**
 * As `requireQuiet`, but for targets that hook on to restore and without which the restore is the same one: they are to be
 * left out of the reading.
 */
export async function requireReadable(target: RestoreTarget, ground: ProjectGround, host: Reader): Promise<LeftOut> {
  const { files, obstacles } = await obstaclesOf(target, ground, host);
  refuse(obstacles.flatMap(refusedIn));
  return { targets: obstacles.flatMap((one) => one.target ?? []), files };
}

async function obstaclesOf(target: RestoreTarget, ground: ProjectGround, host: Reader) {
  const { files, findings, known } = await filesRead(target, ground, host);
  return { files: files.map(({ file }) => file), obstacles: [...findings, ...whatRuns(files, known)] };
}

function refusedIn(finding: Obstacle): readonly Obstacle[] {
  const { target, why } = finding;
  if (target === undefined) return [finding];
  return target.matters === null ? [] : [{ ...finding, why: `${why} and ${target.matters}` }];
}

function refuse(all: readonly Obstacle[]): void {
  if (all.length === 0) return;
  throw new SafeInstallError(
    "unbound",
    "PROJECT_RUNS",
    `nothing was read: ${all.slice(0, SHOWN).map(said).join("; ")}${more(all.length - SHOWN)}`,
    {
      hint: "before the verdict only the SDK and proven packages run: let it hook into Build, not into restore, or set properties and items in a target of their own; safe-install check of a lock runs nothing of a project",
    },
  );
}

const SHOWN = 5;

function said({ file, what, why }: Obstacle): string {
  return `${file}: ${what} ${why}`;
}

function more(count: number): string {
  return count > 0 ? `; and ${count} more` : "";
}
