import type { Plugin } from "../../src/plugin.ts";
import { classify, passed } from "./args.ts";
import { npmWords } from "./exec/npx.ts";
import { findNpm, npmCommand } from "./installer.ts";
import { table } from "./table.ts";

/** npm 10 and later, and its npx. What judging needs is loaded when it judges. */
export const npm = {
  ecosystem: table.ecosystem,
  classify,
  command: async (args, cwd, host, program?: readonly string[]) =>
    npmCommand(await findNpm(cwd, host.env), passed(npmWords(args, program)), cwd, host.env),
  lockfiles: table.lockfiles,
  open: async (request, host) => (await import("./open.ts")).open(request, host),
} satisfies Plugin;
