import { type Place, SafeInstallError, type Session } from "../../../src/plugin.ts";
import { registrySpec } from "../exec/wish.ts";
import { binsToMove } from "./folder.ts";
import { type GlobalHandoff, prepareGlobal, runGlobal } from "./handoff.ts";
import { basename, join } from "node:path";

/** Takes packages away: nothing is fetched, npm is offline over an empty cache, and there is nothing to judge. */
export function uninstallGlobally(handoff: GlobalHandoff): Session {
  const { task, config } = handoff;
  const names = task.specs.map((spec) => registrySpec(spec).name);
  if (names.length === 0) throw new SafeInstallError("usage", "USAGE", "which package?", { hint: "name it" });
  return {
    ...NOTHING,
    project: config.prefix,
    handoff: () => uninstall(names, handoff),
  };
}

/** npm finds them where they are, and what was begun is put back where it fails. */
async function uninstall(names: readonly string[], handoff: GlobalHandoff): Promise<number> {
  const { folder, host } = handoff;
  const settings = await prepareGlobal([], null, handoff);
  const bins = (await binsToMove(folder, names, [])).map((name) => basename(name));
  const replaces: readonly Place[] = [
    { path: join(folder.prefix, folder.packages), touches: names },
    { path: join(folder.prefix, folder.bins), touches: bins },
  ];
  return host.transaction({ root: folder.prefix, found: [], replaces }, () =>
    runGlobal(["uninstall", ...names], settings, handoff),
  );
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
