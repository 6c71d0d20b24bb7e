import { SafeInstallError } from "../errors.ts";
import type { ProjectReport } from "../model/report.ts";
import type { InstallCommand } from "../options.ts";
import type { Runtime } from "../runtime.ts";
import { gate, type Gated } from "../gate/gate.ts";
import { handOff } from "../gate/handoff.ts";
import { silent } from "../gate/progress.ts";
import { reportOf } from "../gate/report.ts";
import type { ClosableHost } from "../io/host.ts";
import type { Plugin } from "../plugin.ts";
import { describeError } from "../report/error.ts";
import { writeReports } from "../report/index.ts";
import { terminalProgress } from "../report/progress.ts";
import { isSecret } from "../words.ts";
import { withHost } from "./with-host.ts";

/** Judges the whole dependency set, reports, and hands off only what was let in. @returns the exit code */
export function gatedInstall(plugin: Plugin, command: InstallCommand, runtime: Runtime): Promise<number> {
  return withHost(command.options, runtime, async (host) => {
    const { args, options, program } = command;
    const progress = options.quiet ? silent : await terminalProgress(runtime);
    const request = { purpose: "install", args, program, cwd: runtime.cwd, installs: true } as const;
    const gated = await gate({ plugin, request, options }, { runtime, host, progress }).catch(
      withoutPolicy(command, plugin),
    );
    const report = await hinted(gated.report, command, plugin);
    await writeReports(reportOf(title(command, plugin), [report]), options, runtime.stderr, runtime);
    if (gated.report.outcome !== "denied") return handOff(gated.handoff, plugin.table, host);
    await suggest(gated, command, runtime, host);
    return gated.report.exit;
  });
}

/** A first policy is written for what was typed, since no lock may name it. */
function withoutPolicy(command: InstallCommand, plugin: Plugin) {
  return async (error: unknown): Promise<never> => {
    if (!(error instanceof SafeInstallError) || error.code !== "NO_POLICY" || command.options.policy !== null)
      throw error;
    if (isLocked(command, plugin)) throw error;
    const { initCommand } = await import("../author/words/change.ts");
    throw new SafeInstallError(error.kind, error.code, error.message, { hint: initCommand(typedIn(command)) });
  };
}

/** What is locked is pinned without the command. */
async function hinted(report: ProjectReport, command: InstallCommand, plugin: Plugin): Promise<ProjectReport> {
  if (report.outcome !== "denied" || isLocked(command, plugin)) return report;
  const { withPinHints } = await import("../author/words/pin-hints.ts");
  return withPinHints(report, typedIn(command));
}

function isLocked({ args }: InstallCommand, { table }: Plugin): boolean {
  return args.join(" ") === table.lockedInstall(table.lockfiles)?.join(" ");
}

function typedIn({ program, args, options }: InstallCommand) {
  return { command: [...program, ...args], policy: options.policy };
}

/** What would let it in is a help; the denial is the answer, whatever goes wrong here. */
async function suggest(gated: Gated, command: InstallCommand, runtime: Runtime, host: ClosableHost): Promise<void> {
  const { askAbout } = await import("../author/suggest.ts");
  await askAbout(gated, command, { runtime, host }).catch((error: unknown) => {
    runtime.stderr.write(describeError(error, runtime));
  });
}

/** The installer as it was typed, where that is a bare word, and its command: never what may be an option's value. */
function title({ installer, program, args }: InstallCommand, { table: { verbs } }: Plugin): string {
  const [typed = installer] = program;
  const name = program.length === 1 && /^[a-z]+$/.test(typed) ? typed : installer;
  const [first = ""] = args;
  const word = first.startsWith("-") ? args.find((one) => verbs.includes(one)) : first;
  return [name, word === undefined || isSecret(word) ? "" : word].join(" ").trim();
}
