/** An installer for the tests. Its lock names one catalog; the catalog's bytes say which packages come. */
import type { Plugin } from "../../../../src/plugin.ts";
import { installerOf } from "./installer.ts";
import { locate, type ToyProject } from "./locate.ts";
import { stages } from "./stages.ts";
import { table } from "./table.ts";

export const toy: Plugin<ToyProject> = {
  table,
  classify: ([command]) => {
    if (command === "install") return { kind: "gate" };
    if (command === "list") return { kind: "pass" };
    return { kind: "refuse", reason: `toy ${command ?? ""} is not supported`, hint: "safe-install toy install" };
  },
  command: (args, cwd, { env }) =>
    Promise.resolve({ file: process.execPath, args: [installerOf(env), ...args], cwd, env }),
  locate,
  stages,
};
