import { type Dotnet, environment, forSdks, surroundingsOf } from "../run.ts";
import { type BuildTask, wordsOf } from "../session/task.ts";
import type { RestoreTarget } from "../target.ts";
import type { FolderFeed } from "./folder-feed.ts";

interface Restoring {
  readonly dotnet: Dotnet;
  readonly target: RestoreTarget;
  /** Words that every restore gets. */
  readonly words: readonly string[];
  readonly lockedMode: boolean;
}

/**
 * Lets the real dotnet restore from this feed and nothing else.
 * @param packages where it unpacks to
 * @param others the packages folder of what is started meanwhile
 * @returns its exit code
 */
export async function restoreClosed(
  { dotnet, target, words, lockedMode }: Restoring,
  { config, folder }: FolderFeed,
  packages: string,
  others: string,
): Promise<number> {
  const { file, cwd, host, session } = dotnet;
  const properties = {
    RestoreConfigFile: config,
    RestorePackagesPath: packages,
    RestoreNoHttpCache: "true",
    RestoreForce: "true",
    // What was judged was evaluated once.
    RestoreForceEvaluate: "false",
    ...(lockedMode ? { RestoreLockedMode: "true" } : {}),
    ...onlyFrom(folder),
    RestoreIgnoreFailedSources: "false",
    NuGetAudit: "false",
  };
  const task = { file: target.file, target: "Restore", properties } as const;
  const code = session
    ? await session.last(await surroundingsOf(dotnet), task)
    : await host.run({
        file,
        args: wordsOf(task, [...words, ...forSdks(dotnet)]),
        cwd,
        env: await environment(dotnet, others),
      });
  if (code !== 0 && lockedMode) host.notice(byLock(words));
  return code;
}

/** A platform that a lock does not know is written into it where it is said again. */
function byLock(words: readonly string[]): string {
  const platform = words.flatMap((word) => /^-p:RuntimeIdentifier=([\w.-]+)$/.exec(word)?.[1] ?? []).at(-1);
  const command =
    platform === undefined
      ? "safe-install dotnet restore --force-evaluate"
      : `safe-install dotnet restore -r ${platform} --force-evaluate`;
  return `what the lock states was judged: where the project asks for something else by now (NU1004), ${command} writes it anew`;
}

/**
 * Ours win over what files of the project say. A file of the SDK may take itself out of what is said of additional sources
 * (TreatAsLocalProperty): it adds none.
 */
export function onlyFrom(folder: string): BuildTask["properties"] {
  return {
    DisableImplicitLibraryPacksFolder: "true",
    DisableImplicitNuGetFallbackFolder: "true",
    RestoreSources: folder,
    RestoreAdditionalProjectSources: "",
    RestoreFallbackFolders: "",
    RestoreAdditionalProjectFallbackFolders: "",
  };
}
