import type { Host } from "../../src/plugin.ts";
import { inHome, makeHome } from "./home.ts";
import { findDotnet, outsideProject } from "./installer.ts";
import { dotnetFailed, type Session, type StartedWith } from "./session/session.ts";
import { type BuildTask, wordsOf } from "./session/task.ts";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The real dotnet in surroundings that are ours. */
export interface Dotnet {
  readonly file: string;
  readonly cwd: string;
  readonly host: Host;
  /** Project SDKs that were proven, as MSBuild finds them; null: those of the .NET SDK itself. */
  readonly sdks: string | null;
  /** Private (`home.ts`). */
  readonly home: string;
  /** What dotnet says names places of ours: the same words with those that the user knows. Absent: it says it on the screen itself. */
  readonly said?: (words: string) => string;
  /** Absent: each task has a dotnet of its own. */
  readonly session?: Session | null;
}

/** The user's dotnet, with the SDK's own project SDKs. @throws SafeInstallError kind "installer" */
export async function dotnetFor(cwd: string, host: Host): Promise<Dotnet> {
  return { file: await findDotnet(cwd, host.env), cwd, host, sdks: null, home: await makeHome(host) };
}

/**
 * What every run of dotnet gets: no packages folder and no home of the user's, no SDK from a feed, no program of the project,
 * no function of MSBuild's but those that only read, no process that stays behind.
 */
export async function environment({ host, sdks, cwd, home }: Dotnet, packages: string): Promise<Host["env"]> {
  const {
    NUGET_FALLBACK_PACKAGES: _,
    MSBUILDENABLEALLPROPERTYFUNCTIONS: __,
    ...env
  } = await outsideProject(cwd, host.env);
  return {
    ...env,
    ...inHome(home),
    NUGET_PACKAGES: packages,
    MSBUILDDISABLENUGETSDKRESOLVER: "1",
    MSBUILDDISABLENODEREUSE: "1",
    DOTNET_CLI_USE_MSBUILD_SERVER: "0",
    DOTNET_NOLOGO: "1",
    // Packed documentation is no file of a package.
    ...(env["NUGET_XMLDOC_MODE"] === undefined || /^skip$/i.test(env["NUGET_XMLDOC_MODE"])
      ? {}
      : { NUGET_XMLDOC_MODE: "none" }),
    ...(sdks === null ? {} : { MSBuildSDKsPath: sdks }),
  };
}

/** Runs one step of ours. @throws SafeInstallError where dotnet says no; it has said why on the screen */
export async function step(dotnet: Dotnet, what: string, args: readonly string[], packages: string): Promise<void> {
  const { file, cwd, host, home, said } = dotnet;
  const log = join(home, `said-${randomUUID()}.txt`);
  const env = await environment(dotnet, packages);
  const code = await host.run({
    file,
    args: [...args, ...forSdks(dotnet)],
    cwd,
    env,
    ...(said === undefined ? {} : { log }),
  });
  host.signal.throwIfAborted();
  const words = said === undefined ? "" : said(await readFile(log, "utf8")).trim();
  if (words !== "") host.notice(words);
  if (code === 0) return;
  throw dotnetFailed(what, code);
}

/** A task as part of the session, or with `words` as a step of its own. @throws SafeInstallError DOTNET_FAILED */
export async function taskStep(
  dotnet: Dotnet,
  what: string,
  task: BuildTask,
  { words, packages }: { readonly words: readonly string[]; readonly packages: string },
): Promise<void> {
  if (dotnet.session) return dotnet.session.step(await surroundingsOf(dotnet), what, task);
  return step(dotnet, what, wordsOf(task, [...QUIET, ...words]), packages);
}

/** For a session: a task says where its packages go, and nothing else has any. */
export async function surroundingsOf(dotnet: Dotnet): Promise<StartedWith> {
  const { file, cwd, home } = dotnet;
  return { file, cwd, words: forSdks(dotnet), env: { ...BRIEF, ...(await environment(dotnet, join(home, "none"))) } };
}

/**
 * What pays only in a program that lives longer than a restore does; what the user says counts (learn.microsoft.com, ".NET
 * runtime configuration settings": compilation, garbage collection).
 */
const BRIEF = { DOTNET_TieredPGO: "0", DOTNET_gcConcurrent: "0", DOTNET_GCgen0size: "0x4000000" } as const;

/** MSBuild knows no version of a project SDK that it finds in a folder, and warns: it was proven in the very version that is named. */
export function forSdks({ sdks }: Dotnet): readonly string[] {
  return sdks === null ? [] : ["-nowarn:MSB4241"];
}

/** Words that keep response files of the project out, and the screen quiet. */
export const QUIET: readonly string[] = ["-noAutoResponse", "-nologo", "-v:q"];
