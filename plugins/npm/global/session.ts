import {
  type Host,
  type NotGated,
  type Request,
  SafeInstallError,
  type Session,
  isInside,
} from "../../../src/plugin.ts";
import { loadConfig } from "../config.ts";
import { registrySpec } from "../exec/wish.ts";
import { makeWorkshop } from "../exec/workshop.ts";
import { findNpm } from "../installer.ts";
import { refuseOptions } from "../options.ts";
import { openAsked } from "../session.ts";
import type { GlobalTask } from "../task.ts";
import { renderOptions } from "../words.ts";
import { type GlobalFolder, globalFolder, listGlobal } from "./folder.ts";
import { type GlobalHandoff, installGlobally } from "./handoff.ts";
import { linkGlobally } from "./link.ts";
import { uninstallGlobally } from "./uninstall.ts";
import { join } from "node:path";

/**
 * `npm install -g`, `update -g`, `uninstall -g` and `npm link`: what would lie in the global folder is resolved in an empty
 * project of our own and judged by the policy of the folder where it was typed.
 */
export async function openGlobal(request: Request, task: GlobalTask, outside: Host): Promise<Session> {
  const { cwd } = request;
  const npm = await findNpm(cwd, outside.env);
  // As npm does with --global: the project's .npmrc does not count.
  const options = Object.fromEntries(Object.entries(task.options).filter(([key]) => key !== "location"));
  const config = await loadConfig(npm, [task.change, "--global", ...renderOptions(options)], cwd, outside.env);
  const host: Host = { ...outside, offline: outside.offline || config.get("offline") === true };
  const project = config.prefix;
  const context = await request.context(project);
  refuseForced(config.get("force"));
  refuseOptions(config, ["global", "location"]);
  const folder = await globalFolder(config.globalPrefix, context.repositoryRoot);
  const found: GlobalHandoff = { task: { ...task, options }, folder, npm, config, cwd, host };
  if (task.change === "link") return linkGlobally(found);
  if (task.change === "uninstall") return uninstallGlobally(found);

  const specs = task.change === "update" ? await updated(found) : installed(task.specs);
  for (const { name } of specs) refuseNpmItself(name, found);
  const others = await untouched(folder, new Set(specs.map(({ name }) => name)));
  const workshop = await makeWorkshop(null, options, npm, host);
  const session = await openAsked(
    {
      task: {
        kind: "change",
        change: "install",
        specs: specs.map(({ spec }) => spec),
        options: workshop.options,
        tests: false,
      },
      cwd: workshop.folder,
      project: workshop.folder,
      installer: npm,
      config: workshop.config,
      context: { ...context, repositoryRoot: workshop.folder },
      host: workshop.host,
    },
    {},
  );
  return {
    ...session,
    project,
    lockfile: null,
    notGated: [...session.notGated, ...others],
    handoff: (proven) =>
      installGlobally(
        proven,
        specs.map(({ name }) => name),
        session,
        found,
      ),
  };
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
async function updated({ task, folder, npm, host }: GlobalHandoff): Promise<readonly Wished[]> {
  const there = await listGlobal(folder);
  const chosen = task.specs.length === 0 ? there : there.filter(({ name }) => task.specs.includes(name));
  const missing = task.specs.find((name) => !there.some((one) => one.name === name));
  if (missing !== undefined)
    throw new SafeInstallError("usage", "USAGE", `${missing} is not among the global packages`, {
      hint: `safe-install npm install -g ${missing}`,
    });
  const isLeft = ({ name, isLink }: { name: string; isLink: boolean }) => isLink || isOwn(name, folder, npm.folder);
  for (const { name } of chosen.filter(isLeft)) host.notice(`safe-install: ${name} is left as it is`);
  return chosen.filter((one) => !isLeft(one)).map(({ name }) => ({ name, spec: `${name}@*` }));
}

function isOwn(name: string, { prefix, packages }: GlobalFolder, npm: string): boolean {
  return isInside(npm, join(prefix, packages, name));
}

/** Its folder is moved aside, and then there would be nobody to install. */
function refuseNpmItself(name: string, { folder, npm }: GlobalHandoff): void {
  if (!isOwn(name, folder, npm.folder)) return;
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

async function untouched(folder: GlobalFolder, named: ReadonlySet<string>): Promise<readonly NotGated[]> {
  const there = await listGlobal(folder);
  return there.flatMap(({ name }) => (named.has(name) ? [] : [{ kind: "on-disk", name: `global ${name}` } as const]));
}
