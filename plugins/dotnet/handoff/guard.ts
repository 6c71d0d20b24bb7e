import { inMsbuild } from "../session/task.ts";
import { basename, dirname, sep } from "node:path";

/** Ours beside NuGet's, and before it in the alphabet: MSBuild imports `obj/NAME.*.props` in that order. */
export const GUARD = ".0-safe-install.g.props";

/**
 * Imported by MSBuild in every later build of the project, before anything of a package. After a plain `dotnet build`,
 * which restores again, NuGet's file beside this one names another packages folder: then nothing of any package is
 * imported, so that none can stand in the way, and the first target stops the build.
 * (A restore itself imports neither: MSBuild 17.10, ImportProjectExtensionProps.)
 */
export function guardOf(packages: string, projectFile: string): string {
  const root = inMsbuild(packages + sep);
  const nugets = `$(MSBuildThisFileDirectory)${inMsbuild(basename(projectFile))}.nuget.g.props`;
  const names = `$([System.IO.File]::ReadAllText('${nugets}').Contains('${markOf(packages)}'))`;
  const elsewhere = `'$(NuGetPackageRoot)' != '' and '$([MSBuild]::EnsureTrailingSlash($(NuGetPackageRoot)))' != '${root}'`;
  return `<Project InitialTargets="SafeInstallGuard">
  <!-- Written by safe-install: the packages of this project were proven, and are built from this one folder. -->
  <PropertyGroup Condition="'$(MSBuildIsRestoring)' != 'true'">
    <SafeInstallPassedBy Condition="!Exists('${nugets}')">true</SafeInstallPassedBy>
    <SafeInstallPassedBy Condition="'$(SafeInstallPassedBy)' != 'true' and !${names}">true</SafeInstallPassedBy>
    <SafeInstallPassedBy Condition="${elsewhere}">true</SafeInstallPassedBy>
    <ExcludeRestorePackageImports Condition="'$(SafeInstallPassedBy)' == 'true'">true</ExcludeRestorePackageImports>
  </PropertyGroup>
  <Target Name="SafeInstallGuard" Condition="'$(SafeInstallPassedBy)' == 'true' or (${elsewhere})">
    <Error Code="SAFEINSTALL" Text="This project was restored again, past safe-install. Run safe-install dotnet build, or safe-install dotnet restore and then dotnet build --no-restore. (To do without safe-install, delete obj.)" />
  </Target>
</Project>
`;
}

/** The part of the folder's path that only this restore has (`packages-folder.ts`); NuGet writes the rest with macros. */
function markOf(packages: string): string {
  return inMsbuild(basename(dirname(packages)));
}

export const GUARD_NOTE = "restored from proven packages; build with --no-restore, or through safe-install";
