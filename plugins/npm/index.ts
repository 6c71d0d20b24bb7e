import type { Plugin } from "../../src/plugin.ts";
import { classify, passed } from "./args.ts";
import { npmWords } from "./npx.ts";
import { findNpm, npmCommand } from "./installer.ts";
import type { NpmProject } from "./locate.ts";
import { table } from "./table.ts";

/** npm 10 and later, and its npx. What judging needs is loaded when it judges. */
export const npm = {
  table,
  classify,
  command: async (args, cwd, host, program?: readonly string[]) =>
    npmCommand(await findNpm(cwd, host.env), passed(npmWords(args, program)), cwd, host.env),
  locate: async (request, host) => (await import("./locate.ts")).locate(request, host),
  async *stages(project, bounds, host) {
    const { stages } = await import("./stages.ts");
    return yield* stages(project, bounds, host);
  },
} satisfies Plugin<NpmProject>;
