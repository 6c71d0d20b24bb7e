import { type Command, LIMITS, type Stages } from "../../../src/plugin.ts";
import { prepared } from "../handoff/handoff.ts";
import { npmCommand } from "../installer.ts";
import { binsOf, readOwn } from "../package-json.ts";
import { refuseProjectPrograms } from "../passing.ts";
import { assertSettings } from "../options.ts";
import { nothingBut } from "../part.ts";
import { offlineSettings } from "../handoff/offline.ts";
import { compose } from "../handoff/settings.ts";
import { loadConfig } from "../config.ts";
import type { Execution } from "./command.ts";
import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/**
 * The command of that name that npm would run instead of fetching the package: the project's own, one in node_modules/.bin
 * from here up to the root, or a global one (`libnpmexec`). Null where there is none.
 */
export async function placeOnDisk({ asked, task, config, host }: Execution): Promise<string | null> {
  const [name] = asked.words;
  if (!asked.isPackage || task.creates || name === undefined) return null;
  const manifest = join(config.prefix, "package.json");
  const content = await host.read(manifest, { maxBytes: LIMITS.manifestBytes });
  if (content !== null && binsIn(content).has(name)) return manifest;
  for (const folder of [...binFoldersFrom(config.prefix), globalBin(config.globalPrefix)]) {
    const place = resolve(folder, name);
    if (await isFile(place)) return place;
  }
  return null;
}

function binsIn(manifest: Buffer): ReadonlyMap<string, string> {
  try {
    const { content } = readOwn(manifest.toString("utf8"));
    const own = content["name"];
    return binsOf(content["bin"], typeof own === "string" ? own : "");
  } catch {
    return new Map();
  }
}

function binFoldersFrom(project: string): readonly string[] {
  const own = join(project, "node_modules", ".bin");
  return dirname(project) === project ? [own] : [own, ...binFoldersFrom(dirname(project))];
}

export function globalBin(prefix: string): string {
  return process.platform === "win32" ? prefix : join(prefix, "bin");
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/**
 * Nothing is to be installed (`--no-install`, or a `--call` without packages): npm runs what lies on disk, offline and with an
 * empty cache, so that nothing else can take its place, and nothing that an earlier npx has left.
 */
export async function* runOnDisk(execution: Execution): Stages {
  const { asked, root } = execution;
  yield nothingBut([{ kind: "on-disk", name: asked.call ?? asked.words[0] ?? "a shell" }]);
  let command: Command | null = null;
  return {
    root,
    found: [],
    replaces: [],
    prepare: async () => void (command = await commandOnDisk(execution)),
    install: () => Promise.resolve(0),
    compare: () => Promise.resolve(),
    next: () => execution.host.run(prepared(command)),
  };
}

/** Settings that lead to what is run, where no shell of ours stands between. */
const ON_DISK = ["script-shell", "shell", "node-options", "node-gyp", "python", "git", "editor"] as const;

async function commandOnDisk(execution: Execution): Promise<Command> {
  const { task, npm, config, cwd, host } = execution;
  const settings = await offlineSettings(
    { name: "npm-on-disk", fill: () => Promise.resolve(), own: () => ({ yes: "false" }) },
    execution,
  );
  if (!Object.hasOwn(settings, "script-shell")) refuseProjectPrograms(config, ON_DISK);
  const command = npmCommand(npm, compose(task.args, settings), cwd, host.env);
  const effective = await loadConfig(npm, command.args.slice(1), cwd, host.env);
  assertSettings(effective, settings, config.prefix);
  return command;
}
