import { SafeInstallError, type Session } from "../../../src/plugin.ts";
import { registrySpec } from "../exec/wish.ts";
import { type GlobalHandoff, prepareGlobal, runGlobal } from "./handoff.ts";

/** Takes packages away: nothing is fetched, npm is offline over an empty cache, and there is nothing to judge. */
export function uninstallGlobally(handoff: GlobalHandoff): Session {
  const { task, config } = handoff;
  const names = task.specs.map((spec) => registrySpec(spec).name);
  if (names.length === 0) throw new SafeInstallError("usage", "USAGE", "which package?", { hint: "name it" });
  return {
    ...NOTHING,
    project: config.prefix,
    handoff: async () => runGlobal(["uninstall", ...names], await prepareGlobal([], null, handoff), handoff),
  };
}

/** A session without packages. */
export const NOTHING: Omit<Session, "project" | "handoff"> = {
  lockfile: null,
  artifacts: [],
  unbound: [],
  notGated: [],
  obtain: notOfThis,
  collect: notOfThis,
  close: () => Promise.resolve(),
};

function notOfThis(): Promise<never> {
  return Promise.reject(new TypeError("there is no package in this session"));
}
