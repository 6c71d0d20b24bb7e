/**
 * What the SDK itself runs while it reads projects and restores, and the names by which it finds what it runs. Measured
 * and derived from SDK 10.0; the test derives them again from the SDK that is installed.
 */

/** Targets that run for `GenerateRestoreGraphFile` and `Restore`, in a project, one of its frameworks or a solution. In lower case. */
export const RESTORE_TARGETS: ReadonlySet<string> = names(`
  AddPrunePackageReferences AddWindowsSdkKnownFrameworkReferences ApplyImplicitVersions CheckForImplicitPackageReferenceOverrides
  CollectCentralPackageVersions CollectFrameworkReferences CollectNuGetAuditSuppressions CollectPackageDownloads
  CollectPackageReferences CollectPrunePackageReferences GenerateRestoreGraphFile GetAllRuntimeIdentifiers
  IncludeTargetingPackReference PrepRestoreForStoreProjects ProcessFrameworkReferences ResolveRequiredWebAssets Restore
  SetPackToolProperties UpdateAspNetToFrameworkReference ValidateProjects ValidateSolutionConfiguration ValidateToolsVersions
  _CheckForEolTargetFrameworks _CheckForEolWorkloads _CheckForInvalidConfigurationAndPlatform
  _CheckForLanguageAndFeatureCombinationSupport _CheckForMissingWorkload _CheckForNotRecommendedNETStandardVersion
  _CheckForObsoleteDotNetCliToolReferences _CheckForUnsupportedCppNETCoreVersion _CheckForUnsupportedNETCoreVersion
  _CheckForUnsupportedNETStandardVersion _CheckForUnsupportedTargetFramework
  _CheckForUnsupportedTargetFrameworkAndFeatureCombination _CheckForUnsupportedTargetPlatformIdentifier
  _CheckMicrosoftNetCompilersToolsetFrameworkPackageReference _CollectRestoreInputs _CollectTargetFrameworkForTelemetry
  _ComputeToolPackInputsToProcessFrameworkReferences _FilterRestoreGraphProjectInputItems _GenerateDotnetCliToolReferenceSpecs
  _GenerateProjectRestoreGraph _GenerateProjectRestoreGraphAllFrameworks _GenerateProjectRestoreGraphCurrentProject
  _GenerateProjectRestoreGraphPerFramework _GenerateRestoreDependencies _GenerateRestoreGraph
  _GenerateRestoreGraphProjectEntry _GenerateRestoreProjectPathItems _GenerateRestoreProjectPathItemsAllFrameworks
  _GenerateRestoreProjectPathItemsCurrentProject _GenerateRestoreProjectPathItemsPerFramework _GenerateRestoreProjectPathWalk
  _GenerateRestoreProjectSpec _GenerateRestoreSpecs _GetAllRestoreProjectPathItems _GetRestoreFallbackFoldersOverride
  _GetRestorePackagesPathOverride _GetRestoreProjectStyle _GetRestoreRepositoryPathOverride _GetRestoreSettings
  _GetRestoreSettingsAllFrameworks _GetRestoreSettingsCurrentProject _GetRestoreSettingsOverrides
  _GetRestoreSettingsPerFramework _GetRestoreSourcesOverride _GetRestoreTargetFrameworkOverride
  _GetRestoreTargetFrameworksAsItems _GetRestoreTargetFrameworksOutput _IsProjectRestoreSupported _LoadRestoreGraphEntryPoints
  _NormalizeTargetPlatformVersion`);

/** Tasks that these targets use. In lower case. */
export const RESTORE_TASKS: ReadonlySet<string> = names(`
  AllowEmptyTelemetry ApplyImplicitVersions CallTarget CheckForDuplicateFrameworkReferences CheckForDuplicateNuGetItemsTask
  CheckForImplicitPackageReferenceOverrides CheckIfPackageReferenceShouldBeFrameworkReference ConvertToAbsolutePath
  CreateWindowsSdkKnownFrameworkReferences Error GenerateRestoreGraphFileTask GetCentralPackageVersionsTask
  GetGlobalPropertyValueTask GetPackagesToPrune GetProjectTargetFrameworksTask GetReferenceAssemblyPaths
  GetRestoreDotnetCliToolsTask GetRestoreFrameworkReferencesTask GetRestoreNuGetAuditSuppressionsTask
  GetRestorePackageDownloadsTask GetRestorePackageReferencesTask GetRestoreProjectReferencesTask GetRestoreProjectStyleTask
  GetRestorePrunePackageReferencesTask GetRestoreSettingsTask GetRestoreSolutionProjectsTask MSBuild Message NETSdkError
  NETSdkWarning NuGetMessageTask ProcessFrameworkReferences RemoveDuplicates ResolveAppHosts RestoreTask RestoreTaskEx
  ShowMissingWorkloads Warning WarnForInvalidProjectsTask WriteRestoreGraphTask`);

/** Properties that say which assembly, program, project or folder the SDK takes for its own. */
export const REDIRECTS =
  /^(?:RestoreTaskAssemblyFile|NuGetPackTaskAssemblyFile|NuGetRestoreTargets|NuGetPropsFile|NuGetTargetsPath|NuGetConsoleProcessFileName|MicrosoftNETBuild(?:Tasks|Extensions)\w*|MSBuild(?:User)?ExtensionsPath(?:32|64)?|MSBuildSDKsPath|MSBuild(?:Tools|Bin|FrameworkTools)Path(?:32|64)?|MSBuildToolsVersion|ImportProjectExtension(?:Props|Targets)|RestoreGraphProjectInput|DOTNET_HOST_PATH|DotNetHostPath)$/i;

/** Folders of the SDK: what is imported from there is the SDK's. (No project may set them, see above.) */
export const SDK_FOLDERS =
  /^MSBuild(?:User)?ExtensionsPath(?:32|64)?$|^MSBuildSDKsPath$|^MSBuild(?:Tools|Bin|FrameworkTools)Path(?:32|64)?$/i;

/** Properties whose value the SDK imports, or looks for under that name: followed like an import. */
export const IMPORTED =
  /^(?:custom)?(?:before|after)|^alternatecommonprops$|^_?directory(?:build|packages|solution)|(?:targets|props)(?:path|file|shim|dir)?$|^_\w*targetsdir$|^_?\w*publishprofile|^publishprotocol$|^_sourcelinksdksubdir$|currentversion(?:props|targets)$/i;

/** Files that the SDK names by what a project says: they may be any file of the project. */
export const STEERED =
  /^(?:TargetPath|TargetDir|TargetRefPath|ProjectAssets\w*|NuGetLockFilePath|\w*(?:Assembly|Manifest|Icon|Documentation|Output|Intermediate|Cache|Pdb|Symbol)\w*)$/i;

/** Items that the SDK fills by itself, some of them with files of the project; by the words that their names end with. In lower case. */
export const FILLED = new RegExp(
  `^(?:_.*|razor\\w*|\\w*(?:${[
    "analyzer|applicationdefinition|assembly|audit\\w*|built|capability|clean|compile|content|dependencies|description",
    "destination|directory|downloads?|fallbackfolders?|files?|framework|host|identifier|import|inbinlog|inputs?|items?|link",
    "manifest|map|mapping|marker|name|none|option|output|overrides|packs?|page|path|pattern|platform|property|references?",
    "resources?|schema|suppressions?|targets|telemetry|toupdate|using|values?|versions?|warning|watch",
  ].join("|")}))$`,
);

/** Metadata by which an item that is built says properties of its own (learn.microsoft.com, MSBuild task; MSBuild, static graph). */
export const SAYS_PROPERTIES =
  /^(?:(?:Additional|Undefine)?Properties|Set(?:TargetFramework|Configuration|Platform)|GlobalPropertiesToRemove)$/i;

/** Items that name projects which a restore reads. */
export const PROJECTS = /^ProjectReference$|RestoreGraph|RestoreProject/i;

/** What a target may hold, wherever it runs: nothing of it starts, loads, fetches or writes anything. */
export const HARMLESS: ReadonlySet<string> = new Set(["PropertyGroup", "ItemGroup", "Message", "Warning", "Error"]);

/** Items that no restore reads: a target may add them, and be left out of the reading nevertheless. */
export const IDLE_ITEMS =
  /^(?:FileWrites(?:Shareable)?|UpToDateCheck\w+|None|Content|Compile|EmbeddedResource|AdditionalFiles|Watch)$/;

function names(text: string): ReadonlySet<string> {
  return new Set(text.trim().toLowerCase().split(/\s+/));
}
