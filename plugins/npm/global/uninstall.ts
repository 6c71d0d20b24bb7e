import { SafeInstallError, type Stages } from "../../../src/plugin.ts";
import { registrySpec } from "../exec/wish.ts";
import { prepared } from "../handoff.ts";
import { nothingBut } from "../part.ts";
import { type GlobalPlace, prepareGlobal, runGlobal, type Settings } from "./handoff.ts";

/** Takes packages away: nothing is fetched, npm is offline over an empty cache, and there is nothing to judge. */
export async function* uninstallGlobally(place: GlobalPlace): Stages {
  const names = place.task.specs.map((spec) => registrySpec(spec).name);
  if (names.length === 0) throw new SafeInstallError("usage", "USAGE", "which package?", { hint: "name it" });
  yield nothingBut([]);
  let settings: Settings | null = null;
  return {
    root: place.root,
    found: [],
    // npm has to find what it takes away.
    replaces: [],
    prepare: async () => void (settings = await prepareGlobal([], null, place)),
    install: () => runGlobal(["uninstall", ...names], prepared(settings), place),
    compare: () => Promise.resolve(),
  };
}
