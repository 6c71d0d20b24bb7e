import { damaged, openPack, type Pack } from "../../exported/pack.ts";
import { replayed, replayingHost } from "../../exported/replaying.ts";
import { takeTrust } from "../../exported/trust.ts";
import { refuseJudged } from "../../gate/judged.ts";
import type { ProjectReport, Report } from "../../model/report.ts";
import type { Again } from "../../exported/again.ts";
import type { CheckCommand } from "../../options.ts";
import { writeReports } from "../../report/index.ts";
import type { Runtime } from "../../runtime.ts";
import { judgeLocks, sayPassedOver, type Watch } from "../locks.ts";
import { withHost } from "../with-host.ts";
import { resolve } from "node:path";

/**
 * `safe-install check --evidence DIR --at TIME`: the same judgement, by lock and policy as they lie here, from what an export
 * holds and from nothing else. What is in it is verified again: roots, keys and policies in it judge nothing.
 * @returns the exit code @throws SafeInstallError EVIDENCE_DAMAGED
 */
export async function checkAgain(again: Again, command: CheckCommand, runtime: Runtime): Promise<number> {
  const options = { ...command.options, offline: true };
  return withHost(options, runtime, async (real) => {
    const pack = await openPack(again.evidence, runtime.cwd);
    if (again.digest !== null && again.digest !== pack.digest)
      throw damaged(again.evidence, `its digest is ${pack.digest}, not ${again.digest}`);
    const host = await replayingHost(pack, real, again.at);
    const { lockfiles } = command;
    const about = { policy: options.policy, cwd: runtime.cwd, lockfiles, isVouched: again.digest !== null };
    const notes = [asOf(again, pack, host.now()), ...(await takeTrust(pack, about, host))];
    const watch: Watch = async (part, bounds) => {
      await refuseJudged([resolve(runtime.cwd, again.evidence)], { bounds, options, cwd: runtime.cwd }, NOT_FROM_IT);
      return replayed(part, bounds.repositoryRoot, pack);
    };
    const judged = await judgeLocks({ ...command, options }, runtime, host, watch);
    await writeReports(withNotes(judged.report, notes, pack), options, runtime.stdout, runtime);
    return sayPassedOver(judged, runtime, host);
  });
}

const NOT_FROM_IT = "by your own policy: keep lock and policy elsewhere, or --policy FILE names one";

function asOf({ evidence }: Again, { index, digest }: Pack, now: Date): string {
  return `as of ${now.toISOString()}, from the evidence in ${evidence} (${digest}), exported ${index.exported}`;
}

function withNotes(report: Report, notes: readonly string[], { index }: Pack): Report {
  const then = new Set(index.policies.map(({ name, digest }) => `${name} ${digest}`));
  const changed = ({ policies }: ProjectReport) =>
    policies
      .filter(({ name, digest }) => !then.has(`${name} ${digest}`))
      .map(({ name }) => `${name} is not the policy under which the evidence was exported`);
  return {
    ...report,
    projects: report.projects.map((one) => ({ ...one, notes: [...notes, ...changed(one), ...one.notes] })),
  };
}
