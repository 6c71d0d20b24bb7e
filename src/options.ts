import { SafeInstallError } from "./errors.ts";
import { type Again, againOf } from "./exported/again.ts";
import { type InstallerName, INSTALLERS, installerIn, tableOf } from "./plugins.ts";
import { nearest } from "./nearest.ts";
import { asksForHelp, readWords } from "./words.ts";
import { parseArgs } from "node:util";

/** What a command line asks for. */
export type CommandLine =
  | { readonly name: "version" }
  | { readonly name: "help"; readonly topic: string | null }
  | AloneCommand
  | InstallCommand
  | CheckCommand
  | { readonly name: (typeof ALONE_COMMANDS)[number]; readonly args: readonly string[] }
  /** Their words with our options among them; see `author/arguments.ts`. */
  | { readonly name: AuthorCommand; readonly args: readonly string[] };

const AUTHOR_COMMANDS = ["init", "policy", "explain"] as const;
/** Those that take none of our common options. */
export const ALONE_COMMANDS = ["verify", "sign", "evidence", "report", "cache", "trust"] as const;

type AuthorCommand = (typeof AUTHOR_COMMANDS)[number];

/** No command at all: whatever is locked here. */
export interface AloneCommand {
  readonly name: "alone";
  /** Also into an interpreter of the whole system. */
  readonly system: boolean;
  readonly options: Options;
}

export interface InstallCommand {
  readonly name: "install";
  readonly installer: InstallerName;
  /** How it was typed: `["npm"]`, `["python3", "-m", "pip"]`. Never empty. */
  readonly program: readonly string[];
  /** The installer's own words, untouched. */
  readonly args: readonly string[];
  readonly options: Options;
}

export interface CheckCommand {
  readonly name: "check";
  readonly lockfiles: readonly string[];
  /** Judge only what is not in this revision's lock. */
  readonly changedSince: string | null;
  /** Read lock, manifests and policy from git's index. */
  readonly staged: boolean;
  /** What was built may be promoted on a ground that is no signer's. */
  readonly allowsBaseline: boolean;
  /** From what an export holds, instead of from the network; null: as usual. */
  readonly again: Again | null;
  readonly options: Options;
}

/** Our own options, the same for every command that judges. */
export interface Options {
  readonly policy: string | null;
  /** The revision whose policies count. */
  readonly policyFrom: string | null;
  readonly offline: boolean;
  readonly mode: "audit" | "enforce" | null;
  readonly reports: readonly ReportRequest[];
  readonly quiet: boolean;
  /** The decision log to append to. */
  readonly log: string | null;
}

interface ReportRequest {
  readonly format: ReportFormat;
  /** null: standard output. */
  readonly file: string | null;
}

export const REPORT_FORMATS = ["pretty", "json", "sarif", "github", "azure", "markdown", "html", "cyclonedx"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export const OWN = {
  policy: { type: "string" },
  "policy-from": { type: "string" },
  offline: { type: "boolean" },
  audit: { type: "boolean" },
  enforce: { type: "boolean" },
  report: { type: "string", multiple: true },
  log: { type: "string" },
  quiet: { type: "boolean", short: "q" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

/** Of no command at all. */
const ALONE = { ...OWN, system: { type: "boolean" } } as const;

/** Of `check` alone. */
const CHECKING = {
  ...OWN,
  "changed-since": { type: "string" },
  staged: { type: "boolean" },
  "allow-baseline": { type: "boolean" },
  evidence: { type: "string" },
  at: { type: "string" },
  digest: { type: "string" },
} as const;

/** Those of our options that take the next word. */
export const VALUED: ReadonlySet<string> = new Set(
  Object.entries(CHECKING).flatMap(([name, { type }]) => (type === "string" ? [`--${name}`] : [])),
);

/**
 * Splits `[our options] COMMAND [its words]`. What follows an installer's name is the installer's and is not looked at.
 * @throws SafeInstallError kind "usage"
 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  if (argv[0] === "-V") return { name: "version" };
  const split = commandIndex(argv);
  const name = argv[split];
  if (name === "check") return parseCheck([...argv.slice(0, split), ...argv.slice(split + 1)]);
  const head = readWords(argv.slice(0, split), name === undefined ? ALONE : OWN, "options").values;
  if (head.version) return { name: "version" };
  if (name === undefined && !head.help)
    return { name: "alone", system: "system" in head && head.system === true, options: optionsOf(head) };
  if (name === undefined || name === "help") return { name: "help", topic: argv[split + 1] ?? null };
  if (head.help) return { name: "help", topic: name };
  const installer = installerIn(argv.slice(split));
  if (installer !== null) {
    const end = split + installer.length;
    const [program, args] = [argv.slice(split, end), argv.slice(end)];
    return { name: "install", installer: installer.name, program, args, options: optionsOf(head) };
  }
  return ofOurs(name, argv, split);
}

function ofOurs(name: string, argv: readonly string[], split: number): CommandLine {
  const known = [...ALONE_COMMANDS, ...AUTHOR_COMMANDS].find((one) => one === name);
  if (known === undefined) throw unknownCommand(name);
  const rest = argv.slice(split + 1);
  if (asksForHelp(rest)) return { name: "help", topic: known };
  const author = AUTHOR_COMMANDS.find((one) => one === known);
  if (author !== undefined) return { name: author, args: [...argv.slice(0, split), ...rest] };
  const alone = ALONE_COMMANDS.find((one) => one === known);
  return { name: alone ?? "cache", args: rest };
}

function unknownCommand(name: string): SafeInstallError {
  const commands = [...INSTALLERS, "npx", ...AUTHOR_COMMANDS, "check", ...ALONE_COMMANDS, "help"];
  const installers = INSTALLERS.filter((one) => tableOf(one).verbs.includes(name));
  const meant = installers.map((one) => `safe-install ${one} ${name}`).join(", or ");
  return usage(
    `unknown command "${name}"${meant === "" ? nearest(name, commands) : ""}`,
    meant === "" ? `one of: ${commands.join(", ")}` : meant,
  );
}

function parseCheck(argv: readonly string[]): CommandLine {
  const { values: own, positionals: lockfiles } = readWords(argv, CHECKING, "check");
  if (own.version) return { name: "version" };
  if (own.help) return { name: "help", topic: "check" };
  const { staged = false } = own;
  const changedSince = own["changed-since"] ?? null;
  const allowsBaseline = own["allow-baseline"] ?? false;
  const again = againOf(own.evidence, own.at, own.digest);
  if (again !== null && (staged || changedSince !== null || allowsBaseline))
    throw usage("--evidence goes with whole locks", "leave --staged, --changed-since and --allow-baseline out");
  return { name: "check", lockfiles, changedSince, staged, allowsBaseline, again, options: optionsOf(own) };
}

/** The index of the first word that is neither an option of ours nor its value. */
export function commandIndex(argv: readonly string[]): number {
  const { tokens } = parseArgs({
    args: [...argv],
    options: CHECKING,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  return tokens.find(({ kind }) => kind === "positional")?.index ?? argv.length;
}

type Own = ReturnType<typeof readWords<typeof OWN>>["values"];

export function optionsOf(own: Own): Options {
  if (own.policy !== undefined && own["policy-from"] !== undefined)
    throw usage("--policy and --policy-from exclude each other", "choose one");
  if (own.audit && own.enforce) throw usage("--audit and --enforce exclude each other", "choose one");
  return {
    policy: own.policy ?? null,
    policyFrom: own["policy-from"] ?? null,
    offline: own.offline ?? false,
    mode: own.audit ? "audit" : own.enforce ? "enforce" : null,
    reports: [...new Set(own.report)].map(reportRequest),
    quiet: own.quiet ?? false,
    log: own.log ?? null,
  };
}

function reportRequest(text: string): ReportRequest {
  const [format = "", ...rest] = text.split("=");
  const known = REPORT_FORMATS.find((name) => name === format);
  if (known === undefined)
    throw usage(
      `unknown report format "${format}"${nearest(format, REPORT_FORMATS)}`,
      `one of: ${REPORT_FORMATS.join(", ")}`,
    );
  const file = rest.length === 0 ? "-" : rest.join("=");
  if (file === "") throw usage(`--report ${text}: which file?`, `--report ${known}=FILE, or ${known}=- on the screen`);
  return { format: known, file: file === "-" ? null : file };
}

function usage(message: string, hint: string): SafeInstallError {
  return new SafeInstallError("usage", "USAGE", message, { hint });
}
