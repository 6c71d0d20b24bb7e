import { SafeInstallError } from "../errors.ts";
import { readBounded } from "../io/files.ts";
import { nearest } from "../nearest.ts";
import type { InstallCommand } from "../options.ts";
import type { Plugin } from "../plugin.ts";
import { loadPlugin } from "../plugins.ts";
import type { Runtime } from "../runtime.ts";

/** `safe-install npm ...`: passes by the gate, is refused, or is judged; only what is judged waits for what judging needs. @returns the exit code */
export async function install(typed: InstallCommand, runtime: Runtime): Promise<number> {
  const plugin = await loadPlugin(typed.installer);
  const args = await plugin.expand?.(typed.args, runtime.cwd, { read: readBounded });
  const command = args === undefined ? typed : { ...typed, args };
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
