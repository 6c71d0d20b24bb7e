import type { Invocation } from "../../src/plugin.ts";
import { classifyAdd } from "./add-args.ts";
import { classifyTools } from "./tool-args.ts";
import type { Platform } from "./platform.ts";
import { isForMsbuild, readWords } from "./words/options.ts";
import { resolve } from "node:path";
import {
  HELPFUL,
  PASSED,
  REFUSED,
  RESTORE_FIRST,
  restoringWord,
  SUBCOMMANDS_PASSED,
  subcommandOf,
} from "./words/commands.ts";

/** What a gated command line asks for. */
interface Intent {
  readonly command: "restore" | "build" | "test" | "run" | "publish" | "pack";
  /** The project, solution or folder that was named; null: what is found where the command was typed. */
  readonly target: string | null;
  /** Words that change what is restored; they go to every restore. */
  readonly restore: readonly string[];
  readonly lockedMode: boolean;
  /** What of the runtime identifier was said alone: the rest is the SDK's own. */
  readonly platform: Platform;
}

/** Pure: looks at the words alone. */
export function classify(args: readonly string[]): Invocation {
  const [command = "", subcommand = ""] = args;
  if (asksForHelp(args)) return { kind: "pass" };
  const addition = classifyAdd(args);
  if (addition !== null) return addition;
  if (command.startsWith("-") || command === "")
    return INFORMATION.has(command) ? { kind: "pass" } : unknown(command === "" ? "dotnet alone" : command);
  if (command.toLowerCase().endsWith(".dll")) return { kind: "pass" };
  if (PASSED.has(command)) return pass(args);
  if (SUBCOMMANDS_PASSED.get(command)?.has(subcommandOf(args))) return { kind: "pass" };
  if (command === "tool" && subcommand === "restore") return classifyTools(args);
  if (command === "restore") return gate(args);
  if (RESTORE_FIRST.has(command)) return leavesRestore(args) ? pass(args) : gate(args);
  const does = REFUSED.get(command);
  return does === undefined ? unknown(command) : refuse(`dotnet ${[command, subcommand].join(" ").trim()}: ${does}`);
}

const INFORMATION: ReadonlySet<string> = new Set([
  "--version",
  "--info",
  "--list-sdks",
  "--list-runtimes",
  "-h",
  "--help",
  "-?",
]);

const HELP: ReadonlySet<string> = new Set(["-h", "--help", "-?", "/?"]);

/** Of a command or its command, and nothing else: behind more words it may be for the program that is started. */
function asksForHelp(args: readonly string[]): boolean {
  const [command = "", ...words] = args;
  if (!HELPFUL.has(command) || !HELP.has(words.at(-1) ?? "")) return false;
  return words.length === 1 || (words.length === 2 && HELPFUL.get(command) === true && /^[a-z]+$/.test(words[0] ?? ""));
}

/** To dotnet untouched, unless a word has it restore. */
function pass(args: readonly string[]): Invocation {
  const word = restoringWord(args);
  return word === null ? { kind: "pass" } : refuse(`${word} may restore, past the gate`);
}

/** `--no-build` implies the other, says each command's help. */
function leavesRestore([command = "", ...words]: readonly string[]): boolean {
  return readWords(command, ownWords(words)).some(
    ({ name, value = "" }) => (name === "--no-restore" || name === "--no-build") && !/^false$/i.test(value),
  );
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
  return { kind: "refuse", reason, hint: "gated: restore, build, test, run, publish, pack, add package, tool restore" };
}

function unknown(command: string): Invocation {
  return refuse(`${command} is not a command of dotnet that is known not to fetch packages`);
}

/** Options that would lead a restore past the gate. */
const UNDOING: ReadonlySet<string> = new Set(words("--packages --configfile --lock-file-path --no-dependencies"));
/** Properties that only the gate may set. */
const OWN_PROPERTIES =
  /^(?:restore(?!lockedmode|packageswithlockfile|enablepackagepruning)|nuget(?!audit)|msbuildsdk|msbuildisrestoring|custombefore|customafter|msbuildprojectextensionspath|importprojectextension|excluderestorepackageimports|projectassets|baseintermediateoutputpath|disableimplicitnugetfallbackfolder)/i;
/** What an option says by a property. */
const SAID: ReadonlyMap<string, (value: string) => string> = new Map<string, (value: string) => string>([
  ["--configuration", (value) => `Configuration=${value}`],
  ["--runtime", (value) => `RuntimeIdentifier=${value}`],
  ["--self-contained", (value) => `SelfContained=${/^false$/i.test(value) ? "false" : "true"}`],
  ["--no-self-contained", () => "SelfContained=false"],
  ["--use-current-runtime", () => "UseCurrentRuntimeIdentifier=True"],
]);
const FILE_BASED = "a file-based program names its packages in its own text";
const PROPERTY = /^(?:--?|\/)p(?:roperty)?[:=](.*)$/is;

/** Reads the words of a gated command, typed in `cwd`. @returns what cannot be gated where something cannot */
export function readIntent(args: readonly string[], cwd = ""): Intent | { readonly refused: string } {
  const [command = "", ...rest] = args;
  const own = ownWords(rest);
  const restore: string[] =
    command === "publish" ? ["-p:_IsPublishing=true"] : command === "pack" ? ["-p:_IsPacking=true"] : [];
  const restoring = restoringWord(args);
  if (restoring !== null) return { refused: `${restoring} may restore, past the gate` };
  let target: string | null = null;
  let lockedMode = false;
  let [os, arch]: (string | undefined)[] = [];
  const sources: string[] = [];
  for (const { text: word, name, value = "" } of readWords(command, own)) {
    const property = name === "--property" ? value : name === null ? (PROPERTY.exec(word)?.[1] ?? null) : null;
    const said = SAID.get(name ?? "");
    if (name === "--file" || word === "-") return { refused: FILE_BASED };
    if (word.startsWith("@")) return { refused: `a response file (${word}) may say anything` };
    if (name === "--source") sources.push(value);
    else if (UNDOING.has(name ?? "") || (name === null && word === "-s"))
      return { refused: `${name ?? word} would lead the restore past the gate; say it in NuGet.config` };
    if (property !== null && !property.includes("=")) return { refused: `${word} ${property} sets no property` };
    if (property !== null && property.split(/[;,]/).some((one) => OWN_PROPERTIES.test(one.replaceAll('"', "").trim())))
      return { refused: `the property ${property} would lead the restore past the gate` };
    if (property !== null) restore.push(`-p:${property}`);
    else if (said !== undefined) restore.push(`-p:${said(value)}`);
    else if (name === "--artifacts-path") restore.push(`-p:ArtifactsPath=${inProperty(resolve(cwd, value))}`);
    else if (name === "--arch") arch = value;
    else if (name === "--os") os = value;
    else if (name === "--locked-mode") lockedMode = true;
    else if (name !== null && RESTORE_WORDS.has(name) && !/^false$/i.test(value)) restore.push(name);
    else if (name === "--project" || name === "--solution") target = value;
    else if (name === null && !isForMsbuild(word) && target === null && command !== "run") target = word;
  }
  if (target !== null && /\.cs$/i.test(target)) return { refused: FILE_BASED };
  if (sources.length > 0) restore.push(`-p:RestoreSources=${sources.map(inProperty).join("%3B")}`);
  return {
    command: command as Intent["command"],
    target,
    restore,
    lockedMode,
    platform: { ...(os === undefined ? {} : { os }), ...(arch === undefined ? {} : { arch }) },
  };
}

const RESTORE_WORDS: ReadonlySet<string> = new Set(
  words("--use-lock-file --force-evaluate --interactive --disable-parallel --ignore-failed-sources"),
);

/** Characters that have a meaning in a property's value. */
function inProperty(text: string): string {
  return text.replaceAll(/[%;,"$@]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function words(text: string): readonly string[] {
  return text.split(" ");
}
