import { SafeInstallError } from "../errors.ts";
import type { AloneCommand } from "../options.ts";
import { silent } from "../progress.ts";
import { writeReports } from "../report/index.ts";
import { printable } from "../report/text.ts";
import { terminalProgress } from "../report/progress.ts";
import type { World } from "../world.ts";
import { lookHere, type Other } from "./here.ts";
import { withHost } from "./host.ts";
import { type Judged, judgeProject, reportOf } from "./session.ts";

/**
 * `safe-install` alone: the locked install of everything that lies here. All of it is judged before any of it is
 * installed; then one after the other. @returns the first exit code that is not 0
 */
export async function alone({ options }: AloneCommand, world: World): Promise<number> {
  return withHost(options, world, async (host) => {
    const { found, others } = await lookHere(world.cwd);
    if (found.length === 0) throw nothingHere(others);
    for (const { name, why } of others) host.notice(printable(`safe-install: ${name} ${why}`));
    const progress = options.quiet ? silent : await terminalProgress(world);
    const judged: Judged[] = [];
    try {
      for (const { plugin, args } of found) {
        const request = { purpose: "install", args, cwd: world.cwd } as const;
        judged.push(await judgeProject(plugin, request, options, { world, host, progress }));
      }
      const title = found.map(({ installer, args }) => `${installer} ${args[0] ?? ""}`.trim()).join(" + ");
      const report = reportOf(
        title,
        judged.map(({ report }) => report),
      );
      await writeReports(report, options, world.stderr, world);
      return report.outcome === "denied" ? report.exit : await handOffAll(judged);
    } finally {
      for (const { session } of judged) await session.close();
    }
  });
}

async function handOffAll(judged: readonly Judged[]): Promise<number> {
  for (const { session, gated } of judged) {
    const code = await session.handoff(gated.proven);
    if (code !== 0) return code;
  }
  return 0;
}

function nothingHere(others: readonly Other[]): SafeInstallError {
  return new SafeInstallError("usage", "NOTHING_HERE", "there is nothing here that could be installed from a lock", {
    hint:
      others.length === 0
        ? "go to the folder of the lockfile; safe-install --help"
        : others.map(({ name, why }) => `${name} ${why}`).join("; "),
  });
}
