import type { Plugin } from "../../src/plugin.ts";
import { classify } from "./args.ts";
import { findPip, pipCommand } from "./interpreter.ts";
import { LOCKFILES, locate, type PipProject } from "./locate.ts";
import { isPylock } from "./lock/pylock-lines.ts";
import { stages } from "./stages.ts";

/** pip 23.0 and later: `pip install`; `check` for the locks of pip, uv, poetry and pipenv. */
export const pip = {
  ecosystem: "pypi",
  classify,
  command: async (args, cwd, host, program) => pipCommand(await findPip(program, cwd, host.env), args, cwd, host.env),
  lockfiles: LOCKFILES,
  readsLockfile: (name) => isPylock(name) || /^requirements.*\.txt$/.test(name),
  locate,
  stages,
} satisfies Plugin<PipProject>;
