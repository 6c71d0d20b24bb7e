import { SafeInstallError, type Place, type Stages } from "../../../src/plugin.ts";
import { registrySpec } from "../exec/wish.ts";
import { prepared } from "../handoff.ts";
import { nothingBut } from "../part.ts";
import { binsToMove } from "./folder.ts";
import { type GlobalPlace, prepareGlobal, runGlobal, type Settings } from "./handoff.ts";
import { basename, join } from "node:path";

/** Takes packages away: nothing is fetched, npm is offline over an empty cache, and there is nothing to judge. */
export async function* uninstallGlobally(place: GlobalPlace): Stages {
  const names = place.task.specs.map((spec) => registrySpec(spec).name);
  if (names.length === 0) throw new SafeInstallError("usage", "USAGE", "which package?", { hint: "name it" });
  yield nothingBut([]);
  const { root, globals } = place;
  const bins = (await binsToMove(globals, names, [])).map((name) => basename(name));
  // npm has to find what it takes away.
  const replaces: readonly Place[] = [
    { path: join(root, globals.packages), touches: names },
    { path: join(root, globals.bins), touches: bins },
  ];
  let settings: Settings | null = null;
  return {
    root,
    found: [],
    replaces,
    prepare: async () => void (settings = await prepareGlobal([], null, place)),
    install: () => runGlobal(["uninstall", ...names], prepared(settings), place),
    compare: () => Promise.resolve(),
  };
}
