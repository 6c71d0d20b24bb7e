import { type Command, foldersOnPath, isInside, pathOf, SafeInstallError } from "../../../src/plugin.ts";
import type { ProvenLock } from "../handoff/handoff.ts";
import type { Execution } from "./command.ts";
import { shellOf } from "../handoff/shell.ts";
import { registrySpec } from "./command.ts";
import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * The proven tool, as npm exec would run it, but without npm and without a shell between, and with no folder of the project on
 * PATH: nothing that a project holds can take the place of a program of the same name.
 * @throws SafeInstallError NO_EXECUTABLE where the package does not say which command is meant.
 */
export async function toolCommand(folder: string, set: ProvenLock, execution: Execution): Promise<Command> {
  const { asked, cwd, config, host, bounds } = execution;
  const shell = () => shellOf(config, { outside: bounds.repositoryRoot, env: host.env });
  const bins = join(folder, "node_modules", ".bin");
  const env = await environment(bins, execution);
  const [first, ...rest] = asked.words;
  if (asked.call !== null) return { file: await shell(), args: shellArgs(asked.call), cwd, env };
  if (first === undefined) return { file: await shell(), args: [], cwd, env };
  if (asked.isPackage) return { file: await ownBin(folder, first, set), args: rest, cwd, env };
  const linked = join(bins, first);
  const file = await realpath(linked).then(
    (real) => (isInside(real, folder) ? linked : first),
    () => first,
  );
  return { file, args: rest, cwd, env };
}

/** npm's choice (`libnpmexec/lib/get-bin-from-manifest.js`): the only command, or the one with the package's name. */
async function ownBin(folder: string, spec: string, { packages }: ProvenLock): Promise<string> {
  const location = `node_modules/${registrySpec(spec).name}`;
  const found = packages.find(({ locked }) => locked.places.some((one) => one.location === location));
  const bins = found?.bytes.bin ?? new Map<string, string>();
  const own = found?.locked.package.name.split("/").at(-1) ?? "";
  const name = new Set(bins.values()).size === 1 ? [...bins.keys()][0] : own;
  const path = bins.get(name ?? "");
  if (name === undefined || path === undefined) throw noExecutable(spec, [...bins.keys()]);
  // A package around it may carry a command of the same name: then the link is not the one that is meant.
  const linked = join(folder, "node_modules", ".bin", name);
  const file = join(folder, location, path);
  const [first, second] = await Promise.all([linked, file].map((one) => realpath(one).catch(() => null)));
  return first !== null && first === second ? linked : file;
}

function shellArgs(call: string): readonly string[] {
  return process.platform === "win32" ? ["/d", "/s", "/c", call] : ["-c", call];
}

/** What a script of npm sees, so that tools find out which npm they were started by. */
async function environment(bins: string, execution: Execution): Promise<Command["env"]> {
  const { config, npm, cwd, host, bounds } = execution;
  const { PATH: path, Path: windowsPath, ...rest } = config.exported;
  const own = { PATH: path ?? windowsPath ?? host.env["PATH"] };
  const outside = await foldersOnPath({ outside: bounds.repositoryRoot, env: own });
  return {
    ...rest,
    // Our own node last, for a machine that has it nowhere else.
    PATH: pathOf([bins, ...outside, dirname(process.execPath)]),
    INIT_CWD: cwd,
    npm_command: "exec",
    npm_lifecycle_event: "npx",
    npm_execpath: npm.entry,
    npm_config_user_agent: config.flat["userAgent"],
  };
}

function noExecutable(spec: string, names: readonly string[]): SafeInstallError {
  const has = names.length === 0 ? "has no command" : `has several commands: ${names.join(", ")}`;
  return new SafeInstallError("usage", "NO_EXECUTABLE", `${spec} ${has}; npm could not tell which is meant`, {
    hint: `npx --package=${spec} -- COMMAND`,
  });
}
