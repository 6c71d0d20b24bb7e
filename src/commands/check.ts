import type { CheckCommand } from "../options.ts";
import { writeReports } from "../report/index.ts";
import type { Runtime } from "../runtime.ts";
import { withHost } from "./with-host.ts";
import { type BuiltSet, findBuilt } from "../project/built.ts";
import { reportOf } from "../gate/report.ts";
import type { ClosableHost } from "../io/host.ts";
import { silent } from "../gate/progress.ts";
import { terminalProgress } from "../report/progress.ts";
import { misused } from "../words.ts";
import { judgeLocks, sayPassedOver } from "./locks.ts";

/** `safe-install check [lockfile...]`: the same judgement; installs nothing. @returns the exit code */
export async function check(command: CheckCommand, runtime: Runtime): Promise<number> {
  if (command.again !== null) {
    const { checkAgain } = await import("./evidence/again.ts");
    return checkAgain(command.again, command, runtime);
  }
  return withHost(command.options, runtime, async (host) => {
    const built = await findBuilt(command.lockfiles, runtime.cwd);
    if (built !== null) return checkBuilt(built, command, runtime, host);
    if (command.allowsBaseline)
      throw misused("--allow-baseline goes with what was built: a folder, or packages", "check");
    const judged = await judgeLocks(command, runtime, host);
    const { report } = judged;
    await writeReports(report, command.options, runtime.stdout, runtime);
    if (report.projects.length === 0 && !command.options.quiet)
      host.notice("safe-install: nothing to judge: " + NOTHING_STAGED);
    return sayPassedOver(judged, runtime, host);
  });
}

const NOTHING_STAGED = "neither a lock nor a manifest is staged, and no lock lies here";

/** `check dist/`: what was built, as the step before it is promoted. */
async function checkBuilt(
  built: BuiltSet,
  command: CheckCommand,
  runtime: Runtime,
  host: ClosableHost,
): Promise<number> {
  const { options, allowsBaseline, staged, changedSince } = command;
  if (staged || changedSince !== null) throw misused("--staged and --changed-since go with locks", "check");
  if (options.mode === "audit") throw misused("--audit goes with locks: what is promoted is always judged", "check");
  const { promote } = await import("../gate/promote.ts");
  const progress = options.quiet ? silent : await terminalProgress(runtime);
  const report = reportOf("check", [await promote({ built, options, allowsBaseline }, { runtime, host, progress })]);
  await writeReports(report, options, runtime.stdout, runtime);
  return report.exit;
}
