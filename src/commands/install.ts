import { SafeInstallError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { ProjectReport } from "../model/report.ts";
import type { InstallCommand } from "../options.ts";
import { loadPlugin } from "../plugins.ts";
import type { Runtime } from "../runtime.ts";
import { gate, type Gated } from "../gate/gate.ts";
import { handOff } from "../gate/handoff.ts";
import { silent } from "../gate/progress.ts";
import { reportOf } from "../gate/report.ts";
import { readBounded } from "../io/files.ts";
import type { ClosableHost } from "../io/host.ts";
import type { Plugin } from "../plugin.ts";
import { describeError } from "../report/error.ts";
import { writeReports } from "../report/index.ts";
import { terminalProgress } from "../report/progress.ts";
import { isSecret } from "../words.ts";
import { withHost } from "./with-host.ts";

/** `safe-install npm ci`: judge first, then let the real installer unpack exactly what was proven. @returns the exit code */
export async function install(typed: InstallCommand, runtime: Runtime): Promise<number> {
  const plugin = await loadPlugin(typed.installer);
  const read = { read: readBounded };
  const command = { ...typed, args: (await plugin.expand?.(typed.args, runtime.cwd, read)) ?? typed.args };
  const invocation = plugin.classify(command.args, command.program);
  switch (invocation.kind) {
    case "pass": {
      const { passThrough } = await import("../io/pass-through.ts");
      const { args, program } = command;
      const host = { env: runtime.env, read: readBounded };
      return passThrough(await plugin.command(args, runtime.cwd, host, program, admittedBy(command, plugin, runtime)));
    }
    case "refuse":
      throw new SafeInstallError("usage", "NOT_GATED", `${invocation.reason}${meant(command, plugin)}`, {
        hint: invocation.hint,
      });
    case "gate": {
      const { gatedInstall } = await import("./install.ts");
      return gatedInstall(plugin, command, runtime);
    }
    default:
      return invocation satisfies never;
  }
}

/** Only of what installs: what passes is the installer's own to correct. */
function meant({ args }: InstallCommand, { table: { verbs } }: Plugin): string {
  const word = args.find((one) => !one.startsWith("-")) ?? "";
  return word === "" || verbs.includes(word) ? "" : nearest(word, verbs);
}

/** Read only where a plugin asks: what passes by the gate does not wait for policies. */
function admittedBy({ options }: InstallCommand, { table }: Plugin, { cwd }: Runtime) {
  return async (folder: string): Promise<readonly string[]> => {
    const { loadPolicy } = await import("../gate/ground.ts");
    const { registriesOf } = await import("../policy/layer.ts");
    const loaded = await loadPolicy(folder, options.policy, cwd).catch(() => null);
    return loaded === null ? [] : registriesOf(loaded.layers, table.ecosystem);
  };
}

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
