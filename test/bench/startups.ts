import { npmPath } from "./programs.ts";
import type { Sizes } from "./sizes.ts";
import { type Group, ms } from "./table.ts";
import { sideBySide, timed } from "./timing.ts";
import type { Workshop } from "./workshop.ts";

/** What it costs to be there: `--version`, and a command of npm that installs nothing. */
export async function startups(workshop: Workshop, { rounds }: Sizes): Promise<Group> {
  const npm = npmPath();
  const median = await sideBySide(rounds.startup, {
    node: { run: () => timed(workshop.program("-e", "0")) },
    version: { run: () => timed(workshop.safeInstall("--version")) },
    npm: { run: () => timed(workshop.program(npm, "prefix")) },
    passed: { run: () => timed(workshop.safeInstall("npm", "prefix")) },
  });
  const over = (value: number, base: number) => `+${(value - base).toFixed(0)} ms`;
  return {
    title: "Start-up",
    lines: [
      { name: "node -e 0", value: ms(median.node) },
      {
        name: "safe-install --version",
        value: ms(median.version),
        ratio: over(median.version, median.node),
        target: "+40 ms, then +20",
      },
      { name: "npm prefix", value: ms(median.npm) },
      {
        name: "safe-install npm prefix (passes through)",
        value: ms(median.passed),
        ratio: over(median.passed, median.npm),
        target: "+40 ms, then +20 over node",
      },
    ],
    note: `medians of ${rounds.startup}; passing through needs a node of its own: its overhead contains one node -e 0`,
  };
}
