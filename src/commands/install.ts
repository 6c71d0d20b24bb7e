import { SafeInstallError } from "../errors.ts";
import type { InstallCommand } from "../options.ts";
import { loadPlugin } from "../plugins.ts";
import type { World } from "../runtime.ts";
import { gate, type Gated } from "../gate/gate.ts";
import { handOff } from "../gate/handoff.ts";
import { silent } from "../gate/progress.ts";
import { reportOf } from "../gate/report.ts";
import type { ClosableHost } from "../io/host.ts";
import type { Plugin } from "../plugin.ts";
import { describeError } from "../report/error.ts";
import { writeReports } from "../report/index.ts";
import { terminalProgress } from "../report/progress.ts";
import { withHost } from "./with-host.ts";

/** `safe-install npm ci`: judge first, then let the real installer unpack exactly what was proven. @returns the exit code */
export async function install(command: InstallCommand, world: World): Promise<number> {
  const plugin = await loadPlugin(command.installer);
  const invocation = plugin.classify(command.args, command.program);
  switch (invocation.kind) {
    case "pass": {
      const { passThrough } = await import("../io/pass-through.ts");
      const { args, program } = command;
      return passThrough(await plugin.command(args, world.cwd, world, program, admittedBy(command, plugin, world)));
    }
    case "refuse":
      throw new SafeInstallError("usage", "NOT_GATED", invocation.reason, { hint: invocation.hint });
    case "gate": {
      const { gatedInstall } = await import("./install.ts");
      return gatedInstall(plugin, command, world);
    }
    default:
      return invocation satisfies never;
  }
}

/** Read only where a plugin asks: what passes by the gate does not wait for policies. */
function admittedBy({ options }: InstallCommand, { table }: Plugin, { cwd }: World) {
  return async (folder: string): Promise<readonly string[]> => {
    const { loadPolicy } = await import("../gate/ground.ts");
    const { registriesOf } = await import("../policy/layer.ts");
    const loaded = await loadPolicy(folder, options.policy, cwd).catch(() => null);
    return loaded === null ? [] : registriesOf(loaded.layers, table.ecosystem);
  };
}

/** Judges the whole dependency set, reports, and hands off only what was let in. @returns the exit code */
export function gatedInstall(plugin: Plugin, command: InstallCommand, world: World): Promise<number> {
  return withHost(command.options, world, async (host) => {
    const { args, options, program } = command;
    const progress = options.quiet ? silent : await terminalProgress(world);
    const request = { purpose: "install", args, program, cwd: world.cwd } as const;
    const gated = await gate({ plugin, request, options }, { world, host, progress });
    await writeReports(reportOf(title(command), [gated.report]), options, world.stderr, world);
    if (gated.report.outcome !== "denied") return handOff(gated.handoff, host);
    await suggest(gated, command, world, host);
    return gated.report.exit;
  });
}

/** What would let it in is a help; the denial is the answer, whatever goes wrong here. */
async function suggest(gated: Gated, command: InstallCommand, world: World, host: ClosableHost): Promise<void> {
  const { askAbout } = await import("../author/suggest.ts");
  await askAbout(gated, command, { world, host }).catch((error: unknown) => {
    world.stderr.write(describeError(error, world));
  });
}

/** The installer and its command, without options. */
function title({ installer, program, args }: InstallCommand): string {
  const name = program[0] === "npx" ? "npx" : installer;
  return [name, args.find((word) => !word.startsWith("-")) ?? ""].join(" ").trim();
}
