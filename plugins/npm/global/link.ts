import { type Denial, LIMITS, type Place, SafeInstallError, type Stages } from "../../../src/plugin.ts";
import { registrySpec } from "../exec/command.ts";
import { prepared } from "../handoff/handoff.ts";
import type { NpmSettings } from "../handoff/offline.ts";
import { binsOf, readOwn } from "../package-json.ts";
import { nothingBut } from "../part.ts";
import { binsToMove } from "./folder.ts";
import { type GlobalPlace, prepareGlobal, runGlobal } from "./handoff.ts";
import { mkdir, realpath } from "node:fs/promises";
import { basename, join } from "node:path";

/** A link beside the global packages to this folder, which is first-party: nothing is fetched, and npm could not. */
export async function* linkGlobally(place: GlobalPlace): Stages {
  const { config, globals, root, host } = place;
  const project = await realpath(config.prefix);
  const content = await host.read(join(project, "package.json"), { maxBytes: LIMITS.manifestBytes });
  const text = (content ?? Buffer.from("{}")).toString("utf8");
  const { content: manifest } = readOwn(text);
  const { name } = registrySpec(typeof manifest["name"] === "string" ? manifest["name"] : "");
  yield nothingBut([{ kind: "first-party", name }]);

  const link = join(root, globals.packages, name);
  const bins = await binsToMove(globals, [name], binsOf(manifest["bin"], name).keys());
  let settings: NpmSettings | null = null;
  return {
    root,
    found: [],
    replaces: [link, ...bins].map((path) => ({ path })),
    async prepare() {
      // npm link is not itself global; the folder that it links to is a folder.
      const { "allow-file": _, ...rest } = await prepareGlobal([], null, place, { global: "false" });
      settings = rest;
      await mkdir(root, { recursive: true });
    },
    install: () => runGlobal(["link"], prepared(settings), place),
    async compare() {
      if ((await realpath(link).catch(() => null)) !== project) throw astray(link, project);
    },
  };
}

function astray(link: string, project: string): SafeInstallError {
  const code = "INSTALLED_MISMATCH" satisfies Denial["code"];
  return new SafeInstallError("unbound", code, `${link} does not lead to ${project}`);
}

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
  let settings: NpmSettings | null = null;
  return {
    root,
    found: [],
    replaces,
    prepare: async () => void (settings = await prepareGlobal([], null, place)),
    install: () => runGlobal(["uninstall", ...names], prepared(settings), place),
    compare: () => Promise.resolve(),
  };
}
