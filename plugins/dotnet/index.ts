import type { Plugin } from "../../src/plugin.ts";
import { classify } from "./args.ts";
import { type Located, locate } from "./locate.ts";
import { passingCommand } from "./passing.ts";
import { stages } from "./stages.ts";
import { table } from "./table.ts";
import { expandWords } from "./words/response.ts";

/** The .NET SDK: `dotnet restore` and what restores on its way. */
export const dotnet = {
  table,
  classify,
  expand: expandWords,
  command: passingCommand,
  locate,
  stages,
} satisfies Plugin<Located>;
