import type { Plugin } from "../../src/plugin.ts";
import { classify, passed } from "./args.ts";
import { findNpm, npmCommand } from "./installer.ts";
import { LOCKFILES } from "./lockfiles.ts";

/** npm 10 and later: `npm ci` from package-lock.json or npm-shrinkwrap.json. What judging needs is loaded when it judges. */
export const npm = {
  ecosystem: "npm",
  classify,
  command: async (args, cwd, host) => npmCommand(await findNpm(cwd, host.env), passed(args), cwd, host.env),
  lockfiles: LOCKFILES,
  open: async (request, host) => (await import("./session.ts")).open(request, host),
} satisfies Plugin;
