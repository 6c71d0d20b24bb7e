import { isInside, type NotGated, SafeInstallError, type Stages } from "../../../src/plugin.ts";
import { registrySpec } from "../exec/command.ts";
import { installingIn, makeWorkshop } from "../exec/scratch.ts";
import { prove } from "../install.ts";
import type { Workplace } from "../locate.ts";
import { refuseOptions } from "../options.ts";
import type { GlobalTask } from "../task.ts";
import { type GlobalFolder, globalFolder, listGlobal } from "./folder.ts";
import { globalHandoff, type GlobalPlace } from "./handoff.ts";
import { linkGlobally } from "./link.ts";
import { uninstallGlobally } from "./link.ts";
import { join } from "node:path";

/**
 * `npm install -g`, `update -g`, `uninstall -g` and `npm link`: what would lie in the global folder is resolved in an empty
 * project of our own and judged by the policy of the folder where it was typed.
 */
export async function* changeGlobal(at: Workplace<GlobalTask>): Stages {
  const { task, npm, config, host } = at;
  refuseForced(config.get("force"));
  // Where packages go: the workshop has a place of its own, and a link's project is no such place.
  const { prefix, ...options } = task.options;
  refuseOptions(config, ["global", "location", ...(prefix !== undefined && task.change !== "link" ? ["prefix"] : [])]);
  const place: GlobalPlace = { ...at, globals: await globalFolder(at.root, at.bounds.repositoryRoot) };
  if (task.change === "link") return yield* linkGlobally(place);
  if (task.change === "uninstall") return yield* uninstallGlobally(place);

  const wished = task.change === "update" ? await updated(place) : installed(task.specs);
  const names = wished.map(({ name }) => name);
  for (const name of names) refuseNpmItself(name, place);
  const others = await untouched(place.globals, new Set(names));
  const workshop = await makeWorkshop(null, options, npm, host);
  const specs = wished.map(({ spec }) => spec);
  const set = yield* prove(installingIn(workshop, specs, at), (part) => ({
    ...part,
    lockfile: null,
    notGated: [...part.notGated, ...others],
  }));
  return set === null ? null : globalHandoff(set, names, place);
}

interface Wished {
  readonly name: string;
  readonly spec: string;
}

function installed(specs: readonly string[]): readonly Wished[] {
  if (specs.length === 0)
    throw new SafeInstallError("usage", "NOT_GATED", "npm install -g without a name links this folder", {
      hint: "safe-install npm link",
    });
  return specs.map((spec) => ({ name: registrySpec(spec).name, spec }));
}

/** The newest of what lies there, by folder: npm takes it from the registry under that name, too. */
async function updated({ task, globals, npm, host }: GlobalPlace): Promise<readonly Wished[]> {
  const there = await listGlobal(globals);
  const chosen = task.specs.length === 0 ? there : there.filter(({ name }) => task.specs.includes(name));
  const missing = task.specs.find((name) => !there.some((one) => one.name === name));
  if (missing !== undefined)
    throw new SafeInstallError("usage", "USAGE", `${missing} is not among the global packages`, {
      hint: `safe-install npm install -g ${missing}`,
    });
  const isLeft = ({ name, isLink }: { name: string; isLink: boolean }) => isLink || isOwn(name, globals, npm.folder);
  for (const { name } of chosen.filter(isLeft)) host.notice(`safe-install: ${name} is left as it is`);
  return chosen.filter((one) => !isLeft(one)).map(({ name }) => ({ name, spec: `${name}@*` }));
}

function isOwn(name: string, { prefix, packages }: GlobalFolder, npm: string): boolean {
  return isInside(npm, join(prefix, packages, name));
}

/** Its folder is moved aside, and then there would be nobody to install. */
function refuseNpmItself(name: string, { globals, npm }: GlobalPlace): void {
  if (!isOwn(name, globals, npm.folder)) return;
  throw new SafeInstallError("usage", "NOT_GATED", "npm cannot replace itself while it is at work", {
    hint: "install it beside: npm_config_prefix=ANOTHER_FOLDER safe-install npm install -g npm, then put that on PATH",
  });
}

function refuseForced(force: unknown): void {
  if (force !== true) return;
  throw new SafeInstallError("usage", "REFUSED_OPTION", "--force overwrites other programs in the global folder", {
    hint: "leave it out; remove what stands in the way by hand",
  });
}

async function untouched(globals: GlobalFolder, named: ReadonlySet<string>): Promise<readonly NotGated[]> {
  const there = await listGlobal(globals);
  return there.flatMap(({ name }) => (named.has(name) ? [] : [{ kind: "on-disk", name: `global ${name}` } as const]));
}
