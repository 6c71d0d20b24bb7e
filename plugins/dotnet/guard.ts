import type { PackagesFolder } from "./packages-folder.ts";
import { xml } from "./quarantine.ts";

/**
 * Imported by MSBuild in every later evaluation of the project, also in the restore that a plain `dotnet build` begins
 * with: that one then has the proven packages as its only source and packages folder, so that it can change nothing
 * about them and stops where the project wants something else.
 */
export function guardOf({ folder: packages, config }: Pick<PackagesFolder, "folder" | "config">): string {
  const folder = xml(packages);
  return `<Project>
  <!-- Written by safe-install. The packages of this project were proven; \`safe-install dotnet restore\` takes new ones in. -->
  <PropertyGroup Condition="Exists('${folder}')">
    <RestorePackagesPath>${folder}</RestorePackagesPath>
    <RestoreSources>${folder}</RestoreSources>
    <RestoreAdditionalProjectSources></RestoreAdditionalProjectSources>
    <RestoreConfigFile>${xml(config)}</RestoreConfigFile>
    <RestoreFallbackFolders></RestoreFallbackFolders>
    <RestoreAdditionalProjectFallbackFolders></RestoreAdditionalProjectFallbackFolders>
    <NuGetAudit>false</NuGetAudit>
  </PropertyGroup>
</Project>
`;
}

export const GUARD_NOTE =
  "restored from proven packages only; a plain dotnet build now has no other source for this project";
