import { type Gated, gate } from "../gate/gate.ts";
import { handOff } from "../gate/handoff.ts";
import { silent } from "../gate/progress.ts";
import { reportOf } from "../gate/report.ts";
import type { ClosableHost } from "../io/host.ts";
import type { InstallCommand } from "../options.ts";
import type { Plugin } from "../plugin.ts";
import { describeError } from "../report/error.ts";
import { writeReports } from "../report/index.ts";
import { terminalProgress } from "../report/progress.ts";
import type { World } from "../world.ts";
import { withHost } from "./host.ts";

/** Judges the whole dependency set, reports, and hands off only what was let in. @returns the exit code */
export function gatedInstall(plugin: Plugin, command: InstallCommand, world: World): Promise<number> {
  return withHost(command.options, world, async (host) => {
    const { args, options, program } = command;
    const progress = options.quiet ? silent : await terminalProgress(world);
    const request = { purpose: "install", args, program, cwd: world.cwd } as const;
    const gated = await gate({ plugin, request, options }, { world, host, progress });
    await writeReports(reportOf(title(command), [gated.report]), options, world.stderr, world);
    if (gated.report.outcome !== "denied" && gated.handoff !== null) return handOff(gated.handoff, host);
    await suggest(gated, command, world, host);
    return gated.report.exit;
  });
}

/** What would let it in is a help; the denial is the answer, whatever goes wrong here. */
async function suggest(gated: Gated, command: InstallCommand, world: World, host: ClosableHost): Promise<void> {
  const { askAbout } = await import("./question.ts");
  await askAbout(gated, command, { world, host }).catch((error: unknown) => {
    world.stderr.write(describeError(error, world));
  });
}

/** The installer and its command, without options. */
function title({ installer, program, args }: InstallCommand): string {
  const name = program[0] === "npx" ? "npx" : installer;
  return [name, args.find((word) => !word.startsWith("-")) ?? ""].join(" ").trim();
}
