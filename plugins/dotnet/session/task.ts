import { randomUUID } from "node:crypto";

/** One thing that MSBuild is asked to do with a project or a solution. */
export interface BuildTask {
  readonly file: string;
  readonly target: "Restore" | "GenerateRestoreGraphFile";
  /** They win over what files of the project say, as those of a command line do. */
  readonly properties: Readonly<Record<string, string>>;
}

/** As words for a dotnet that does nothing else. Of two words for one property the last one counts. */
export function wordsOf({ file, target, properties }: BuildTask, words: readonly string[]): readonly string[] {
  const command = target === "Restore" ? ["restore", file] : ["msbuild", file, `-t:${target}`];
  return [...command, "-noAutoResponse", ...words, ...asWords(properties)];
}

export function asWords(properties: BuildTask["properties"]): readonly string[] {
  return Object.entries(properties).map(([name, value]) => `-p:${name}=${inWord(value)}`);
}

/** As MSBuild escapes what separates properties on a command line. */
function inWord(text: string): string {
  return text.replaceAll(/[%;,]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
}

/** As a project of its own, which says `first` before it. */
export function projectOf({ file, target, properties }: BuildTask, first: string | null): string {
  const restoring = target === "Restore" ? { MSBuildIsRestoring: "true", MSBuildRestoreSessionId: randomUUID() } : {};
  const all = Object.entries({ ...properties, ...restoring }).map(([name, value]) => `${name}=${inMsbuild(value)}`);
  const said = first === null ? "" : `\n    <Message Text="${inMsbuild(first)}" Importance="high" />`;
  return `<Project>
  <Target Name="${TARGET}">${said}
    <MSBuild Projects="${inMsbuild(file)}" Targets="${target}" Properties="${all.join(";")}" />
  </Target>
</Project>
`;
}

/**
 * Of our own projects. Not `Restore`: what MSBuild is asked to restore it reads without what it cannot find (MSBuild, XMake.cs,
 * ExecuteRestore), project SDKs too where they are not its first project; what else it says to a restore is said above.
 */
export const TARGET = "SafeInstall";

/** The words of a restore as properties (dotnet/sdk, RestoreCommandDefinition). */
export function asProperties(words: readonly string[]): readonly string[] {
  return words.map((word) => PROPERTIES[word] ?? word);
}

const PROPERTIES: Readonly<Record<string, string>> = {
  "--use-lock-file": "-p:RestorePackagesWithLockFile=true",
  "--force-evaluate": "-p:RestoreForceEvaluate=true",
  "--interactive": "-p:NuGetInteractive=true",
  "--disable-parallel": "-p:RestoreDisableParallel=true",
  "--ignore-failed-sources": "-p:RestoreIgnoreFailedSources=true",
};

/** Text in XML that MSBuild reads: its own special characters are escaped as it escapes them. */
export function inMsbuild(text: string): string {
  const plain = text.replaceAll(/[%$@'();?*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
