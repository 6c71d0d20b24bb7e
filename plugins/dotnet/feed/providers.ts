import {
  type Command,
  type Hear,
  type Host,
  LIMITS,
  isInside,
  absoluteEntries,
  foldersOnPath,
  groundsOf,
} from "../../../src/plugin.ts";
import { findDotnet } from "../installer.ts";
import { asking, type Question } from "./provider-protocol.ts";
import type { Credentials } from "./settings.ts";
import { homedir } from "node:os";
import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Credential providers that are installed on this machine, the first that has credentials for a feed; none asks anybody anything. */
export async function askProviders(question: Question, project: string, host: Host): Promise<Credentials | null> {
  for (const file of await findProviders(project, host.env)) {
    const conversation = asking(question);
    const hear: Hear = (line, say) => conversation.hear(line, say);
    await host.converse(await commandOf(file, project, host.env), hear, LIMITS.providerTimeoutMs);
    const credentials = conversation.answer();
    if (credentials !== null) return credentials;
  }
  return null;
}

/** Where NuGet looks (NuGet.Protocol, PluginDiscoveryUtility), but never inside the project. */
async function findProviders(project: string, env: Host["env"]): Promise<readonly string[]> {
  const around = await groundsOf(project);
  const named = env["NUGET_NETCORE_PLUGIN_PATHS"] ?? env["NUGET_PLUGIN_PATHS"];
  const found =
    named === undefined
      ? [...(await ofUser(env)), ...(await onPath(around, env))]
      : (await Promise.all(absoluteEntries(named).map(providersAt))).flat();
  const real = await Promise.all(found.map((file) => realpath(file).catch(() => null)));
  return [...new Set(real)].flatMap((file) => (file === null || isInside(file, around) ? [] : [file]));
}

/** A file, or a folder with executables of the name that plugins have. */
async function providersAt(path: string): Promise<readonly string[]> {
  const stats = await stat(path).catch(() => null);
  if (stats === null) return [];
  return stats.isDirectory() ? executablesIn(path) : [path];
}

/** `~/.nuget/plugins/netcore/NAME/NAME.dll`. */
async function ofUser(env: Host["env"]): Promise<readonly string[]> {
  const folder = join(env["HOME"] ?? env["USERPROFILE"] ?? homedir(), ".nuget", "plugins", "netcore");
  return (await readdir(folder).catch(() => [])).map((name) => join(folder, name, `${name}.dll`));
}

async function onPath(outside: string, env: Host["env"]): Promise<readonly string[]> {
  return (await Promise.all((await foldersOnPath({ outside, env })).map(executablesIn))).flat();
}

async function executablesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^nuget-plugin-/i.test(name)).map((name) => join(folder, name));
}

async function commandOf(file: string, project: string, env: Host["env"]): Promise<Command> {
  const cwd = dirname(file);
  if (!/\.dll$/i.test(file)) return { file, args: ["-Plugin"], cwd, env };
  return { file: await findDotnet(project, env), args: [file, "-Plugin"], cwd, env };
}
