import type { ErrorFacts } from "./facts.ts";

/** Exit 66, of a whole run: bytes that do not hold, or something that cannot be bound to bytes. */
export const UNBOUND = {
  EVIDENCE_DAMAGED: {
    meaning: "a file of exported evidence is missing, or is not what the export says it is",
    todo: "Ask for the export again, and compare its digest with the one that safe-install evidence export printed.",
  },
  LOCK_MALFORMED: {
    meaning: "a lockfile of a Python tool cannot be read",
    todo: "Make it again with its own tool.",
  },
  NOT_OBTAINED: {
    meaning: "a package was about to be installed that is not among the proven ones",
    todo: "Run it again. If it stays, it is a bug: please report it.",
  },
  NOT_PLAIN: {
    meaning: "a lock or manifest is a link or a submodule in git, or an attribute converts it",
    todo: "Commit the file itself, without filter, ident or working-tree-encoding.",
  },
  NUGET_REFUSED: {
    meaning: "a package was refused by NuGet's own verification: by its signature or by a lock",
    todo: "The message has NuGet's code (learn.microsoft.com/nuget/reference/errors-and-warnings). Find out who changed the package.",
  },
  PIP_REQUIREMENTS: {
    meaning: "a requirement is not one of an index",
    todo: "Name a package, its version and its marker, and nothing else.",
  },
  PROJECT_RUNS: {
    meaning: "a .NET project would run code of its own before the verdict, or instead of the SDK",
    todo: "docs/dotnet.md has a way out for each reason. safe-install check of the lock runs nothing of the project.",
  },
  RESOLUTION_FAILED: {
    meaning: "pip wanted to start a program while it resolved",
    todo: "Nothing of a package runs before the verdict. Build a wheel in your own pipeline and serve it from your index.",
  },
  RESTORE_INCOMPLETE: {
    meaning: "the restore of a .NET project left something that cannot be bound to packages",
    todo: "Everything was put back. The message names what was left.",
  },
  TOOLS_INVALID: {
    meaning: "a manifest or the settings of a .NET tool cannot be read as NuGet would write them",
    todo: "dotnet tool list --local says whether dotnet itself can read the manifest.",
  },
  TOO_MANY: {
    meaning: "more packages than the bound",
    todo: "Split the lock.",
  },
  TREE_STRANGE: {
    meaning: "a revision holds a path that cannot be written to disk",
    todo: "Rename the file in the repository.",
  },
} as const satisfies Record<string, ErrorFacts>;

/** Exit 69, of a whole run: something could not be asked, read or written. */
export const UNAVAILABLE = {
  ANOTHER_RUN: {
    meaning: "another safe-install is at work in the same project",
    todo: "Wait for it to end. The message says what to do if it has ended for certain.",
  },
  AUDIT_UNWRITABLE: {
    meaning: "the log of signatures cannot be written",
    todo: "No bundle was written. Name a file that can be written with --audit-log.",
  },
  CACHE_FOREIGN: {
    meaning: "the cache folder holds files of somebody else",
    todo: "Name another one: SAFE_INSTALL_CACHE=FOLDER.",
  },
  CANNOT_PUT_BACK: {
    meaning: "what was set aside cannot be put back (the exit is that of what failed first)",
    todo: "Mend what the message names and run the command again: the next run puts everything back.",
  },
  CANNOT_SET_ASIDE: {
    meaning: "what the installation replaces cannot be moved aside",
    todo: "Nothing was changed. The message names the reason: permissions, a mount point, no space.",
  },
  DOTNET_FAILED: {
    meaning: "dotnet could not read or restore the project",
    todo: "What dotnet says above is its own reason.",
  },
  FILE_TOO_LARGE: {
    meaning: "a file is larger than the bound",
    todo: "Check that it is the right file.",
  },
  FILE_UNREADABLE: {
    meaning: "a file cannot be read",
    todo: "Check its permissions, and that it is a file.",
  },
  GIT_FAILED: {
    meaning: "git could not answer",
    todo: "The message is git's own.",
  },
  IDENTITY_UNAVAILABLE: {
    meaning: "the identity token could not be had, or is none",
    todo: "Nothing was signed. The message says what was answered.",
  },
  INDEX_UNAVAILABLE: {
    meaning: "the Python index could not be asked, and the lock knows only hashes",
    todo: "Run it again once the index answers. It has to say which files the hashes are.",
  },
  LOG_UNWRITABLE: {
    meaning: "the decision log cannot be written",
    todo: "Nothing was installed. Name a file that can be written with --log.",
  },
  OUTPUT_UNWRITABLE: {
    meaning: "a file that was asked for, a report for instance, cannot be written",
    todo: "Name a file that you may write.",
  },
  NOT_RESOLVED: {
    meaning: "npm could not resolve the dependencies",
    todo: "Nothing was changed. What npm says above is its own reason.",
  },
  NO_JOURNAL: {
    meaning: "the journal of the installation cannot be kept",
    todo: "XDG_STATE_HOME names another folder for it. It must be yours alone.",
  },
  OBJECT_MISSING: {
    meaning: "the clone lacks an object of the revision, and nothing is fetched for it",
    todo: "Clone with the whole history: fetch-depth: 0.",
  },
  OUTSIDE_PROJECT: {
    meaning: "what an installation would replace lies outside of the project",
    todo: "Remove the link that leads there.",
  },
  RESOLUTION_FAILED: {
    meaning: "pip could not resolve the requirements",
    todo: "What pip says above is its own reason. Only wheels are considered.",
  },
  REVISION_UNKNOWN: {
    meaning: "git knows no such commit here",
    todo: "A shallow clone may lack it: fetch-depth: 0 in actions/checkout, fetchDepth: 0 in Azure, GIT_DEPTH: 0 in GitLab.",
  },
  SIGNING_UNAVAILABLE: {
    meaning: "the certificate authority, a log or a timestamp authority did not do its part",
    todo: "No bundle was written. Run it again; what a log has taken already stays in it.",
  },
  SIGNING_FAILED: {
    meaning: "the program after sign --key-command failed, or could not be started",
    todo: "Nothing was signed. What it says above is its own reason.",
  },
  TRUST_UNAVAILABLE: {
    meaning: "a trust root cannot be had, or was not refreshed",
    todo: "The message says why: its mirror, its age, or the clock here. What was held before still counts.",
  },
  WINDOW_CLOSED: {
    meaning: "an identity token or a certificate ended before the signature was complete",
    todo: "They live for minutes. Run the step again; let sign be the step right after the build.",
  },
} as const satisfies Record<string, ErrorFacts>;
