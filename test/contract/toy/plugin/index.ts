/** An installer for the tests. Its lock names one catalog; the catalog's bytes say which packages come. */
import type { Ecosystem, Plugin } from "../../../../src/plugin.ts";
import { installerOf } from "./installer.ts";
import { locate, type ToyProject } from "./locate.ts";
import { stages } from "./stages.ts";

export const toy: Plugin<ToyProject> = {
  ecosystem: "toy" as Ecosystem,
  lockfiles: ["toy.lock"],
  classify: ([command]) => {
    if (command === "install") return { kind: "gate" };
    if (command === "list") return { kind: "pass" };
    return { kind: "refuse", reason: `toy ${command ?? ""} is not gated`, hint: "safe-install toy install" };
  },
  command: (args, cwd, { env }) =>
    Promise.resolve({ file: process.execPath, args: [installerOf(env), ...args], cwd, env }),
  locate,
  stages,
};
