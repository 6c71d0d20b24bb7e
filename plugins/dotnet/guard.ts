import { inMsbuild } from "./msbuild.ts";
import { sep } from "node:path";

/** Ours beside NuGet's, and before it in the alphabet: MSBuild imports `obj/NAME.*.props` in that order. */
export const GUARD = ".0-safe-install.g.props";

/**
 * Imported by MSBuild in every later build of the project, before anything of a package. A plain `dotnet build` restores
 * again and then builds from another packages folder: it stops here, before the first target of any package runs.
 * (A restore itself does not import it: MSBuild 17.10, ImportProjectExtensionProps.)
 */
export function guardOf(packages: string): string {
  const folder = inMsbuild(packages + sep);
  return `<Project InitialTargets="SafeInstallGuard">
  <!-- Written by safe-install: the packages of this project were proven, and are built from this one folder. -->
  <Target Name="SafeInstallGuard" Condition="'$([MSBuild]::EnsureTrailingSlash($(NuGetPackageRoot)))' != '${folder}' and '$(MSBuildIsRestoring)' != 'true'">
    <Error Code="SAFEINSTALL" Text="This project was restored again, past safe-install. Run safe-install dotnet build, or safe-install dotnet restore and then dotnet build --no-restore. (To do without safe-install, delete obj.)" />
  </Target>
</Project>
`;
}

export const GUARD_NOTE = "restored from proven packages; build with --no-restore, or through safe-install";
