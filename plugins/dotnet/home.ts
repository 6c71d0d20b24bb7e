import type { Host } from "../../src/plugin.ts";
import { expand, homeOf } from "./feed/config-files.ts";
import { inAttribute, rewritten } from "./rewrite.ts";
import { attribute, children } from "./xml.ts";
import { cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";

/**
 * A home for the runs of dotnet that are ours: what a run of dotnet leaves in a home (first-use marks, tools that it found, a
 * NuGet.Config of its own, scratch) ends with it. The user's settings, credential providers and workloads are seen through
 * links; with `settings`, the text of a NuGet.Config, that one in the place of the user's.
 */
export async function makeHome(host: Host, settings: string | null = null): Promise<string> {
  const home = await host.temporary("dotnet");
  for (const one of SEEN) await link(join(homeOf(host.env), one), join(home, one));
  if (settings === null) await seeSettings(join(homeOf(host.env), SETTINGS), join(home, SETTINGS), host.env);
  else {
    await mkdir(join(home, SETTINGS), { recursive: true });
    await writeFile(join(home, SETTINGS, FILE), settings);
  }
  await seeData(host.env, join(home, "d"));
  await haveMigrated(join(home, "d"));
  await mkdir(join(home, "t"));
  return home;
}

const SETTINGS = join(".nuget", "NuGet");
const FILE = "NuGet.Config";
/** Of a user, below the home. */
export const USERS_CONFIG = join(SETTINGS, FILE);

/** Read by NuGet and the SDK below the home, and not written by a restore. */
const SEEN = [
  ...["config", "plugins"].map((name) => join(".nuget", name)),
  ...["metadata", "packs", "sdk-manifests", "library-packs", "template-packs", "tool-packs"].map((name) =>
    join(".dotnet", name),
  ),
];

async function link(from: string, to: string): Promise<void> {
  if ((await readdir(from).catch(() => null)) === null) return;
  await mkdir(dirname(to), { recursive: true });
  await symlink(from, to, "junction");
}

/** A source relative to the user's file means the same folder from here. */
async function seeSettings(from: string, to: string, env: Host["env"]): Promise<void> {
  const content = await readFile(join(from, FILE)).catch(() => null);
  const absolute = content === null ? null : withAbsoluteSources(content, from, env);
  if (content !== null && absolute === null) return link(from, to);
  // Where there is none, what dotnet makes is the run's own.
  await linkEach(from, to, [FILE]);
  if (absolute !== null) await writeFile(join(to, FILE), absolute, { mode: 0o600 });
}

function withAbsoluteSources(content: Buffer, folder: string, env: Host["env"]): Buffer | null {
  return rewritten(content, (root) => {
    const sources = children(root, "packageSources").flatMap((one) => children(one, "add"));
    return sources.flatMap((one) => {
      const value = Buffer.from(attribute(one, "value") ?? "", "latin1").toString("utf8");
      const meant = expand(value, env);
      if (value === "" || isAbsolute(meant) || /^[a-z][a-z\d+.-]*:/i.test(meant)) return [];
      const attributes = { ...one.attributes, value: Buffer.from(resolve(folder, value)).toString("latin1") };
      const words = Object.entries(attributes).map(([key, text]) => ` ${key}="${inAttribute(text)}"`);
      return [[one, `<add${words.join("")} />`] as const];
    });
  });
}

/** Where programs keep their data: NuGet's is the run's own, and what extends MSBuild there for every project stays out. */
async function seeData(env: Host["env"], to: string): Promise<void> {
  const users = dataOf(env);
  await linkEach(users, to, ["NuGet", "Microsoft"]);
  await linkEach(join(users, "Microsoft"), join(to, "Microsoft"), ["MSBuild"]);
}

/** NuGet would look after the permissions of the user's folders where there is no mark that it has (NuGet.Common, MigrationRunner). */
async function haveMigrated(data: string): Promise<void> {
  const marks = join(data, "NuGet", "Migrations");
  await mkdir(marks, { recursive: true });
  await writeFile(join(marks, "1"), "");
}

/** XDG Base Directory Specification. */
function dataOf(env: Host["env"]): string {
  return env["XDG_DATA_HOME"] ?? join(env["HOME"] ?? homedir(), ".local", "share");
}

async function linkEach(from: string, to: string, except: readonly string[]): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = await readdir(from).catch(() => []);
  for (const name of names.filter((one) => !except.includes(one))) await symlink(join(from, name), join(to, name));
}

/** What dotnet finds in a home that `makeHome` made. */
export function inHome(home: string): Host["env"] {
  return {
    DOTNET_CLI_HOME: home,
    DOTNET_SKIP_FIRST_TIME_EXPERIENCE: "1",
    DOTNET_GENERATE_ASPNET_CERTIFICATE: "false",
    DOTNET_ADD_GLOBAL_TOOLS_TO_PATH: "false",
    DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE: "true",
    DOTNET_CLI_TELEMETRY_OPTOUT: "1",
    NUGET_HTTP_CACHE_PATH: join(home, "h"),
    NUGET_SCRATCH: join(home, "s"),
    TMPDIR: join(home, "t"),
    XDG_DATA_HOME: join(home, "d"),
  };
}

/** For a build, after the verdict: the tools that dotnet found for the user before. They stay the user's; what is added is not kept. */
export async function seeTools(home: string, env: Host["env"]): Promise<void> {
  const cache = join(".dotnet", "toolResolverCache");
  await cp(join(homeOf(env), cache), join(home, cache), { recursive: true, force: false }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    },
  );
}
