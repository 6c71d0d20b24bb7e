import type { Plugin } from "../../src/plugin.ts";
import { classify } from "./args.ts";
import { dotnetCommand } from "./installer.ts";
import { type Located, locate } from "./locate.ts";
import { stages } from "./stages.ts";
import { table } from "./table.ts";

/** The .NET SDK: `dotnet restore` and what restores on its way. */
export const dotnet = {
  table,
  classify,
  command: dotnetCommand,
  locate,
  stages,
} satisfies Plugin<Located>;
