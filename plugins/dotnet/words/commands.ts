import { readWords } from "./options.ts";

/** What each `dotnet` command does with packages (SDK 10; `dotnet --help` and the help of each command). */

/** Put no package on disk and build nothing that would. */
export const PASSED: ReadonlySet<string> = new Set(
  words("build-server clean dev-certs help user-jwts user-secrets vstest"),
);

/** Restore first, then do their own work; with `--no-restore` only that. */
export const RESTORE_FIRST: ReadonlySet<string> = new Set(words("build test run publish pack"));

const SOLUTION: ReadonlySet<string> = new Set(words("add list migrate remove"));

/** A project or solution stands before the command of these. */
const NAMED_FIRST: ReadonlySet<string> = new Set(words("reference remove sln solution"));

/** Of commands with commands of their own, those that put no package on disk; what an SDK to come adds is not among them. */
export const SUBCOMMANDS_PASSED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["tool", new Set(words("list search run uninstall"))],
  ["package", new Set(words("search remove"))],
  ["list", new Set(words("reference"))],
  ["workload", new Set(words("list search --info --version"))],
  [
    "nuget",
    new Set(words("add config delete disable enable list locals push remove sign trust update verify why --version")),
  ],
  ["sdk", new Set(words("check"))],
  ["sln", SOLUTION],
  ["solution", SOLUTION],
  ["reference", new Set(words("add list remove"))],
  ["remove", new Set(words("package reference"))],
]);

/** The word after the command, or after the project that stands between them. */
export function subcommandOf([command = "", first = "", second = ""]: readonly string[]): string {
  return NAMED_FIRST.has(command) && isFile(first) ? second : first;
}

/** A project or a solution by its file, or by a path to its folder. */
function isFile(word: string): boolean {
  return !word.startsWith("-") && /[\\/.]/.test(word);
}

/** Fetch packages in ways that are not gated, with what they do. */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  ["add", "changes the project's references in a way that is not known"],
  ["dnx", "downloads a tool and runs it in one step"],
  ["format", "restores before it looks at the code"],
  ["fsi", "a script may name packages, which are downloaded while it runs"],
  ["list", "restores the project to list its packages"],
  ["msbuild", "may restore, by its own words or by those of a response file"],
  ...words("nuget reference remove sdk sln solution").map(
    (one) => [one, "is not known to leave packages alone"] as const,
  ),
  ["new", "installs templates, or restores the project that it made"],
  ["package", "downloads packages, or restores to look at them"],
  ["store", "downloads packages into the runtime store"],
  ["tool", "downloads a tool that no manifest of the project names, and may run it"],
  ["watch", "restores and builds whenever a file changes"],
  ["workload", "installs workloads, which are packages of their own kind"],
]);

/** Commands that are asked for help without starting anything else; true: they have commands of their own. */
export const HELPFUL: ReadonlyMap<string, boolean> = new Map([
  ...words("build clean format msbuild pack publish restore run store vstest").map((one) => [one, false] as const),
  ...words("add list new nuget package reference remove sln solution tool workload").map((one) => [one, true] as const),
]);

function words(text: string): readonly string[] {
  return text.split(" ");
}

/** MSBuild's own words for "restore", and for properties that only a restore gets (`MSBuild -help`). */
const SWITCH = /^(?:(?:--?|\/)(?:restore|restoreproperty|rp)|\/r)(?:[:=]|$)/i;
/** Also those whose result is asked for: they are built for it (MSBuild, XMake.cs). */
const TARGETS = /^(?:--?|\/)(?:t(?:arget)?|gettargetresult)(?:[:=](.*))?$/is;

/** Commands that hand words on to MSBuild; true: what stands behind `--` is for another program. */
const BUILDING: ReadonlyMap<string, boolean> = new Map([
  ["build", false],
  ["clean", false],
  ["pack", false],
  ["publish", false],
  ["run", true],
  ["test", true],
]);

/**
 * The word that would have MSBuild restore by itself, past the gate, or that hides what it says: a response file, a target
 * whose name is escaped, words behind `--` or an option's `=` that go to MSBuild unread. Null where there is none.
 */
export function restoringWord(args: readonly string[]): string | null {
  const [command = ""] = args;
  const endsAtDashes = BUILDING.get(command);
  if (endsAtDashes === undefined) return null;
  const end = endsAtDashes ? args.indexOf("--") : -1;
  const own = end < 0 ? args : args.slice(0, end);
  // The options of `clean` are among those of `build`.
  const carried = readWords(command === "clean" ? "build" : command, own.slice(1)).find(({ carries }) => carries);
  return own.find((word, at) => word === "--" || restores(word, own[at + 1] ?? "", command)) ?? carried?.text ?? null;
}

function restores(word: string, next: string, command: string): boolean {
  if (word.startsWith("@") || SWITCH.test(word)) return true;
  const [match, targets = next] = TARGETS.exec(word) ?? [];
  // One of the two runners of tests lists by this word those of a project; the other takes what follows for a target.
  const listsTests = command === "test" && word === "-t" && /^[^;%]*[./\\][^;%]*$/.test(next);
  return match !== undefined && !listsTests && /restore|%/i.test(targets);
}
