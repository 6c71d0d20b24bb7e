import { npmPath } from "./programs.ts";
import type { Sizes } from "./sizes.ts";
import { type Group, ms, times } from "./table.ts";
import { sideBySide, timed } from "./timing.ts";
import type { Workshop } from "./workshop.ts";

/** `check` with its evidence cached, beside npm's own look at the same lockfile. */
export async function checks(workshop: Workshop, sizes: Sizes): Promise<Group> {
  workshop.forget();
  const cold = await timed(workshop.safeInstall("check"));
  const dryRun = workshop.program(npmPath(), "ci", "--dry-run");
  const median = await sideBySide(sizes.rounds.check, {
    npm: { run: () => timed(dryRun) },
    ours: { run: () => timed(workshop.safeInstall("check")) },
  });
  return {
    title: `Check: ${sizes.check} packages, all attested`,
    lines: [
      { name: "safe-install check, evidence cached", value: ms(median.ours), target: "<= 2.5 s, then < 1 s" },
      { name: "npm ci --dry-run", value: ms(median.npm), ratio: times(median.ours, median.npm), target: "about 1x" },
      { name: "safe-install check, cold (once)", value: ms(cold) },
    ],
    note: `medians of ${sizes.rounds.check}; the cold one fetches all evidence with ${sizes.latencyMs} ms latency`,
  };
}
