import type { Plugin } from "../../src/plugin.ts";
import { classify } from "./args.ts";
import { findPip, pipCommand } from "./installer.ts";
import type { PipProject } from "./locate.ts";
import { table } from "./table.ts";

/** pip 23.0 and later: `pip install`; `check` for the locks of pip, uv, poetry and pipenv. What judging needs is loaded when it judges. */
export const pip = {
  table,
  classify,
  command: async (args, cwd, host, program) => pipCommand(await findPip(program, cwd, host.env), args, cwd, host.env),
  locate: async (request, host) => (await import("./locate.ts")).locate(request, host),
  async *stages(project, bounds, host) {
    const { stages } = await import("./stages.ts");
    return yield* stages(project, bounds, host);
  },
} satisfies Plugin<PipProject>;
