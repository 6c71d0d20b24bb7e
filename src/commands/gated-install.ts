import type { ClosableHost } from "../io/host.ts";
import type { InstallCommand } from "../options.ts";
import type { Plugin } from "../plugin.ts";
import { silent } from "../progress.ts";
import { describeError } from "../report/error.ts";
import { writeReports } from "../report/index.ts";
import { terminalProgress } from "../report/progress.ts";
import type { World } from "../world.ts";
import { withHost } from "./host.ts";
import { judgeProject, reportOf } from "./session.ts";

/** Judges the whole dependency set, reports, and hands off only what was let in. @returns the exit code */
export function gatedInstall(plugin: Plugin, command: InstallCommand, world: World): Promise<number> {
  return withHost(command.options, world, (host) => judgeAndHandOff(plugin, command, world, host));
}

async function judgeAndHandOff(
  plugin: Plugin,
  command: InstallCommand,
  world: World,
  host: ClosableHost,
): Promise<number> {
  const { args, options, program } = command;
  const progress = options.quiet ? silent : await terminalProgress(world);
  const request = { purpose: "install", args, program, cwd: world.cwd } as const;
  const { session, gated, report } = await judgeProject(plugin, request, options, { world, host, progress });
  try {
    await writeReports(reportOf(title(command), [report]), options, world.stderr, world);
    if (gated.outcome === "denied") {
      const { askAbout } = await import("./question.ts");
      await askAbout(session, gated.decisions, command, { world, host }).catch((error: unknown) => {
        // The question is a help; the denial is the answer.
        world.stderr.write(describeError(error, world));
      });
      return gated.exit;
    }
    return await session.handoff(gated.proven);
  } finally {
    await session.close();
  }
}

/** The installer and its command, without options. */
function title({ installer, program, args }: InstallCommand): string {
  const name = program[0] === "npx" ? "npx" : installer;
  return [name, args.find((word) => !word.startsWith("-")) ?? ""].join(" ").trim();
}
