import type { Plugin } from "../../src/plugin.ts";
import { classify } from "./args.ts";
import { passingCommand } from "./passing.ts";
import type { NpmProject } from "./locate.ts";
import { table } from "./table.ts";

/** npm 10 and later, and its npx. What judging needs is loaded when it judges. */
export const npm = {
  table,
  classify,
  command: passingCommand,
  locate: async (request, host) => (await import("./locate.ts")).locate(request, host),
  async *stages(project, bounds, host) {
    const { stages } = await import("./stages.ts");
    return yield* stages(project, bounds, host);
  },
} satisfies Plugin<NpmProject>;
