import type { Plugin } from "../../src/plugin.ts";
import { classify } from "./args.ts";
import { findPip, pipCommand } from "./installer.ts";
import { locate, type PipProject } from "./locate.ts";
import { stages } from "./stages.ts";
import { table } from "./table.ts";

/** pip 23.0 and later: `pip install`; `check` for the locks of pip, uv, poetry and pipenv. */
export const pip = {
  table,
  classify,
  command: async (args, cwd, host, program) => pipCommand(await findPip(program, cwd, host.env), args, cwd, host.env),
  locate,
  stages,
} satisfies Plugin<PipProject>;
