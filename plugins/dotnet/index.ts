import type { Plugin } from "../../src/plugin.ts";
import { classify } from "./args.ts";
import type { Located } from "./locate.ts";
import { passingCommand } from "./passing.ts";
import { table } from "./table.ts";
import { expandWords } from "./words/response.ts";

/** The .NET SDK: `dotnet restore` and what restores on its way. What judging needs is loaded when it judges. */
export const dotnet = {
  table,
  classify,
  expand: expandWords,
  command: passingCommand,
  locate: async (request, host) => (await import("./locate.ts")).locate(request, host),
  async *stages(project, bounds, host) {
    const { stages } = await import("./stages.ts");
    return yield* stages(project, bounds, host);
  },
} satisfies Plugin<Located>;
