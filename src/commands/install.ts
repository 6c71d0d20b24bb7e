import { SafeInstallError } from "../errors.ts";
import type { InstallCommand } from "../options.ts";
import { loadPlugin } from "../plugins.ts";
import type { World } from "../world.ts";

/** `safe-install npm ci`: judge first, then let the real installer unpack exactly what was proven. @returns the exit code */
export async function install(command: InstallCommand, world: World): Promise<number> {
  const plugin = await loadPlugin(command.installer);
  const invocation = plugin.classify(command.args, command.program);
  switch (invocation.kind) {
    case "pass": {
      const { passThrough } = await import("../io/pass-through.ts");
      return passThrough(await plugin.command(command.args, world.cwd, world, command.program));
    }
    case "refuse":
      throw new SafeInstallError("usage", "NOT_GATED", invocation.reason, { hint: invocation.hint });
    case "gate": {
      const { gatedInstall } = await import("./gated-install.ts");
      return gatedInstall(plugin, command, world);
    }
    default:
      return invocation satisfies never;
  }
}
