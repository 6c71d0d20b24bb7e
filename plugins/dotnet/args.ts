import type { Invocation } from "../../src/plugin.ts";
import { PASSED, REFUSED, RESTORE_FIRST, SUBCOMMANDS_PASSED } from "./commands.ts";

/** What a gated command line asks for. */
export interface Intent {
  readonly command: "restore" | "build" | "test" | "run" | "publish" | "pack" | "tool restore";
  /** The project, solution or folder that was named; null: what is found where the command was typed. */
  readonly target: string | null;
  /** Words that change what is restored; they go to every restore. */
  readonly restore: readonly string[];
  readonly lockedMode: boolean;
}

/** Pure: looks at the words alone. */
export function classify(args: readonly string[]): Invocation {
  const [command = "", subcommand = ""] = args;
  if (asksForHelp(args)) return { kind: "pass" };
  if (command.startsWith("-") || command === "")
    return INFORMATION.has(command) ? { kind: "pass" } : unknown(command === "" ? "dotnet alone" : command);
  if (command.toLowerCase().endsWith(".dll") || PASSED.has(command)) return { kind: "pass" };
  if (SUBCOMMANDS_PASSED.get(command)?.has(subcommand)) return { kind: "pass" };
  if (command === "restore" || (command === "tool" && subcommand === "restore")) return gate(args);
  if (RESTORE_FIRST.has(command)) return ownWords(args).includes("--no-restore") ? { kind: "pass" } : gate(args);
  const does = REFUSED.get(command);
  return does === undefined ? unknown(command) : refuse(`dotnet ${[command, subcommand].join(" ").trim()}: ${does}`);
}

const INFORMATION = new Set(["--version", "--info", "--list-sdks", "--list-runtimes", "-h", "--help", "-?"]);

function asksForHelp(args: readonly string[]): boolean {
  return ownWords(args).some((word) => word === "-h" || word === "--help" || word === "-?" || word === "/?");
}

/** Up to a `--`: what follows it is for somebody else. */
function ownWords(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return end < 0 ? args : args.slice(0, end);
}

function gate(args: readonly string[]): Invocation {
  const intent = readIntent(args);
  return "refused" in intent ? refuse(intent.refused) : { kind: "gate" };
}

function refuse(reason: string): Invocation {
  return { kind: "refuse", reason, hint: "gated: restore, build, test, run, publish, pack, tool restore" };
}

function unknown(command: string): Invocation {
  return refuse(`${command} is not a command of dotnet that is known not to fetch packages`);
}

/** Options that would lead a restore past the gate, by their long and short names. */
const UNDOING = new Set(words("-s --source --packages --configfile --lock-file-path --no-dependencies"));
/** Properties that only the gate may set. */
const OWN_PROPERTIES =
  /^(?:restore(?!lockedmode|packageswithlockfile|enablepackagepruning)|nuget(?!audit)|msbuildsdk|custombefore|customafter|msbuildprojectextensionspath|baseintermediateoutputpath|disableimplicitnugetfallbackfolder)/i;
const CHANGES_SET = new Map([
  ["-c", "Configuration"],
  ["--configuration", "Configuration"],
  ["-r", "RuntimeIdentifier"],
  ["--runtime", "RuntimeIdentifier"],
]);
/** Options of the gated commands whose next word is their value. */
const WITH_VALUE = new Set(
  words(
    "-c --configuration -r --runtime -f --framework -v --verbosity -o --output --artifacts-path --version-suffix -l --logger " +
      "--filter -s --settings -e --environment -d --diag --results-directory --test-adapter-path --collect --blame-hang-timeout " +
      "--project --solution --launch-profile -lp --tool-manifest --tl --terminalLogger --property -p",
  ),
);
const PROPERTY = /^(?:--?|\/)p(?:roperty)?[:=](.*)$/is;

/** Reads the words of a gated command. @returns what cannot be gated where something cannot */
export function readIntent(args: readonly string[]): Intent | { readonly refused: string } {
  const [first = "", second = ""] = args;
  const command = first === "tool" ? `tool ${second}` : first;
  const own = ownWords(args).slice(command.split(" ").length);
  const restore: string[] =
    command === "publish" ? ["-p:_IsPublishing=true"] : command === "pack" ? ["-p:_IsPacking=true"] : [];
  let target: string | null = null;
  let lockedMode = false;
  for (let at = 0; at < own.length; at++) {
    const word = own[at] ?? "";
    const [name, value = WITH_VALUE.has(word) ? own[++at] : undefined] = split(word);
    const property = propertyOf(word, name, value);
    if (word.startsWith("@")) return { refused: `a response file (${word}) may say anything` };
    if (UNDOING.has(name) && !(name === "-s" && command === "test"))
      return { refused: `${name} would lead the restore past the gate; say it in NuGet.config` };
    if (property !== null && property.split(/[;,]/).some((one) => OWN_PROPERTIES.test(one.trim())))
      return { refused: `the property ${property} would lead the restore past the gate` };
    if (property !== null) restore.push(`-p:${property}`);
    else if (CHANGES_SET.has(name)) restore.push(`-p:${CHANGES_SET.get(name)}=${value ?? ""}`);
    else if (word === "--self-contained" || word === "--sc") restore.push("-p:SelfContained=true");
    else if (["-a", "--arch", "--os"].includes(name)) return { refused: `${name} is not understood; use --runtime` };
    else if (word === "--locked-mode") lockedMode = true;
    else if (RESTORE_WORDS.has(word)) restore.push(word);
    else if (name === "--project" || name === "--solution") target = value ?? null;
    else if (!word.startsWith("-") && target === null && command !== "run") target = word;
    if (command === "run" && !word.startsWith("-")) break;
  }
  if (target?.endsWith(".cs")) return { refused: "a file-based program names its packages in its own text" };
  return { command: command as Intent["command"], target, restore, lockedMode };
}

const RESTORE_WORDS = new Set(
  words("--use-lock-file --force-evaluate --interactive --disable-parallel --ignore-failed-sources"),
);

function propertyOf(word: string, name: string, value: string | undefined): string | null {
  if (name === "-p" || name === "--property") return value ?? "";
  return PROPERTY.exec(word)?.[1] ?? null;
}

/** `--name=value` and `--name:value`. */
function split(word: string): readonly [string, string?] {
  const [, name, value] = /^(--?[A-Za-z][A-Za-z-]*)[=:](.*)$/s.exec(word) ?? [];
  return name === undefined ? [word] : [name, value ?? ""];
}

function words(text: string): readonly string[] {
  return text.split(" ");
}
