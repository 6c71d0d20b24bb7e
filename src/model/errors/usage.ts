import type { ErrorFacts } from "./facts.ts";
import { SIGNING } from "./signing.ts";

/** Exit 64: the command line, or what lies where it was typed, is not something that can be judged. */
export const USAGE = {
  ...SIGNING,
  AUDIT_NOT_ALLOWED: {
    meaning: "--audit was given, and a policy does not allow it",
    todo: 'The owner of the policy can write "commandLine": { "audit": true } or "mode": "audit".',
  },
  EXPORT_TOO_LARGE: {
    meaning: "what would be exported is more than an archive, or an index of evidence, can hold",
    todo: "Export into a folder, or fewer locks at a time. Nothing was written.",
  },
  FILE_MISSING: {
    meaning: "a file that the command names does not exist",
    todo: "Check the path.",
  },
  GATE_INSIDE_PROJECT: {
    meaning: "in CI, safe-install was started from inside the project that it judges",
    todo: "Install it outside of the checkout, from a tarball whose digest is checked. A change could bring another one.",
  },
  INDEX_CONFLICT: {
    meaning: "git's index holds a merge conflict in a file that --staged reads",
    todo: "Resolve the conflict and stage the result.",
  },
  LOCK_MISSING: {
    meaning: "the lockfile that was named does not exist",
    todo: "Check the path, or make the lock with its own tool.",
  },
  LOCK_NOT_JUDGED: {
    meaning: "in CI, a lockfile that cannot be judged lies beside those that were judged",
    todo: "Remove it, or name the locks that are meant: safe-install check package-lock.json.",
  },
  LOCK_SHADOWED: {
    meaning: "npm reads another lockfile than the one that was named",
    todo: "Check the one that npm reads, or remove it.",
  },
  NOTHING_HERE: {
    meaning: "the folder has no lockfile from which something could be installed",
    todo: "Go to the folder of the lockfile, or name the installer: safe-install npm ci.",
  },
  NOT_A_BUNDLE: {
    meaning: "the file is not a Sigstore bundle",
    todo: "Give the .sigstore.json file that the publisher attached to the package.",
  },
  NOT_A_PACKAGE: {
    meaning: "the file is not a NuGet package",
    todo: "Give a .nupkg file as dotnet pack wrote it.",
  },
  NOTHING_BUILT: {
    meaning: "the folder that is to be promoted holds no package",
    todo: "Check the path, and that the build has run.",
  },
  NOT_GATED: {
    meaning: "the command is not supported: it would install or run what nobody judged",
    todo: "The hint of the message names the command to use instead.",
  },
  NOT_IN_LOCK: {
    meaning: "no lockfile here names that package",
    todo: "Give a name, a name with its version, or a package URL of the lock. --lockfile FILE reads another lock.",
  },
  NO_EXECUTABLE: {
    meaning: "the package of npx has no command, or several of which none has its name",
    todo: "Say which: safe-install npx --package=NAME COMMAND.",
  },
  NO_LOCKFILE: {
    meaning: "the project has no lockfile",
    todo: "Make one: npm install --package-lock-only --ignore-scripts, or pip lock, uv lock and the like.",
  },
  NO_PROJECT: {
    meaning: "dotnet has no project, solution or tool manifest here, or several",
    todo: "Name the project or the solution file.",
  },
  NO_REPOSITORY: {
    meaning: "--changed-since, --policy-from or --staged was given outside of a git repository",
    todo: "Run it in the repository, or leave the option out.",
  },
  NO_SUCH_FILE: {
    meaning: "a file that the command names does not exist",
    todo: "Check the path.",
  },
  NPM_CONFIG: {
    meaning: "npm's configuration or command line cannot be read",
    todo: "Write options out in full, and check your .npmrc files with npm config list.",
  },
  NPM_WORKSPACES: {
    meaning: "npm cannot tell which folders are workspaces",
    todo: 'Check "workspaces" in package.json.',
  },
  NUGET_CONFIG_INVALID: {
    meaning: "a NuGet.config cannot be read",
    todo: "Check the file with dotnet nuget list source.",
  },
  ON_DISK: {
    meaning: "npx would run a program that lies on disk, and nobody proved it",
    todo: "npx --no-install NAME runs it as it is. npx NAME@VERSION takes the package of the registry, and proves it.",
  },
  OPTION_REFUSED: {
    meaning: "an option of pip changes where packages come from, or runs code of packages",
    todo: "Leave it out. The hint of the message says what to use instead.",
  },
  OUTPUT_LINK: {
    meaning: "a report or log would be written through a link",
    todo: "Name a path that leads through no link. What is written follows none.",
  },
  OUTSIDE_PROJECT: {
    meaning: "dotnet's package folder is a link",
    todo: "Remove the link obj/.safe-install.",
  },
  POLICY_JUDGED: {
    meaning: "the policy, or a file that it names, lies in the folder that is judged by it",
    todo: "Keep the policy where neither a build nor an export writes. --policy FILE names one.",
  },
  PIP_GLOBAL: {
    meaning: "no pip was typed, and the one on PATH installs into the system's own Python",
    todo: "Activate a virtual environment, or say safe-install --system if that one is meant.",
  },
  PIP_REQUIREMENTS: {
    meaning: "pip cannot read the requirements",
    todo: "The message is pip's own. Try pip install --dry-run with the same words.",
  },
  PIP_USAGE: {
    meaning: "pip does not accept the command line, or the environment that it would install into",
    todo: "The words are pip's own. See pip install --help.",
  },
  PROJECT_NPMRC: {
    meaning: "the project's .npmrc would send your connections or credentials elsewhere, or choose what is run",
    todo: "Put the setting into your own ~/.npmrc.",
  },
  PROJECT_OUTSIDE: {
    meaning: "the installer would take a folder outside of yours for the project",
    todo: "Call safe-install in that folder, or leave this one out of its workspaces.",
  },
  REFUSED_OPTION: {
    meaning: "an option of npm would lead the installation elsewhere",
    todo: "Leave it out. The message names where the option was found.",
  },
  REPOSITORY_NUGET_CONFIG: {
    meaning: "the NuGet.config of the repository would send credentials or connections of yours elsewhere",
    todo: 'Name the origin in your own NuGet.config, or in the policy under "registries": { "nuget": [...] }.',
  },
  REVISION_AMBIGUOUS: {
    meaning: "the revision means more than one commit",
    todo: "Write the full ref (refs/remotes/origin/main) or the id of the commit.",
  },
  SDK_INVALID: {
    meaning: "a project SDK has no exact version, or has one where it may have none",
    todo: "Write one exact version of a package, or an SDK of .NET's own without a version.",
  },
  UNKNOWN_FILE: {
    meaning: "a folder that is to be promoted holds something that is no package, nor evidence beside one",
    todo: "Take it out, or name the packages one by one: what nobody judged must not be promoted with them.",
  },
  UNKNOWN_LOCKFILE: {
    meaning: "the file is not a lockfile that check knows",
    todo: "safe-install check --help names the formats.",
  },
  USAGE: {
    meaning: "the command line is not understood",
    todo: "safe-install --help, or safe-install help COMMAND.",
  },
  TRUST_BUNDLE: {
    meaning: "a file of trust roots is none, is another one than its digest says, or holds no root that is used here",
    todo: "safe-install trust pin FILE writes one, and says its digest.",
  },
} as const satisfies Record<string, ErrorFacts>;
