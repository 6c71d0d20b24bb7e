import { SafeInstallError } from "../errors.ts";
import { type Gated, gate } from "../gate/gate.ts";
import { handOff } from "../gate/handoff.ts";
import { reportOf } from "../gate/report.ts";
import { silent } from "../gate/progress.ts";
import type { Host } from "../plugin.ts";
import type { AloneCommand } from "../options.ts";
import { writeReports } from "../report/index.ts";
import { printable } from "../report/text.ts";
import { terminalProgress } from "../report/progress.ts";
import type { Runtime } from "../runtime.ts";
import { detectInstalls, type Other } from "../project/detect.ts";
import { withHost } from "./with-host.ts";

/**
 * `safe-install` alone: the locked install of everything that lies here. All of it is judged before any of it is
 * installed; then one after the other. @returns the first exit code that is not 0
 */
export async function alone({ options, system }: AloneCommand, runtime: Runtime): Promise<number> {
  return withHost(options, runtime, async (host) => {
    const { found, others } = await detectInstalls(runtime.cwd);
    if (found.length === 0) throw nothingToInstall(others);
    for (const { name, why } of others) host.notice(printable(`safe-install: ${name} ${why}`));
    const progress = options.quiet ? silent : await terminalProgress(runtime);
    const all: Gated[] = [];
    for (const { plugin, args } of found) {
      const request = { purpose: "install", args, cwd: runtime.cwd, installs: true, system } as const;
      all.push(await gate({ plugin, request, options }, { runtime, host, progress }));
    }
    const titles = found.map(({ installer, args }) => `${installer} ${args[0] ?? ""}`.trim());
    const report = reportOf(
      titles.join(" + "),
      all.map((one) => one.report),
    );
    await writeReports(report, options, runtime.stderr, runtime);
    return report.outcome === "denied" ? report.exit : handOffAll(all, titles, host);
  });
}

/** Each is a transaction of its own: where a later one does not end well, what was done before it stays, and is named. */
async function handOffAll(all: readonly Gated[], titles: readonly string[], host: Host): Promise<number> {
  let done = 0;
  try {
    for (const { handoff, opened } of all) {
      const code = await handOff(handoff, opened.plugin.table, host);
      if (code !== 0) return code;
      done++;
    }
    return 0;
  } finally {
    if (done > 0 && done < all.length)
      host.notice(`safe-install: done before, and kept: ${titles.slice(0, done).join(", ")}`);
  }
}

function nothingToInstall(others: readonly Other[]): SafeInstallError {
  return new SafeInstallError("usage", "NOTHING_HERE", "there is nothing here that could be installed from a lock", {
    hint:
      others.length === 0
        ? "go to the folder of the lockfile; safe-install --help"
        : others.map(({ name, why }) => `${name} ${why}`).join("; "),
  });
}
