import { SafeInstallError } from "./errors.ts";
import { type InstallerName, INSTALLERS, isInstaller } from "./plugins.ts";
import { parseArgs } from "node:util";

/** What a command line asks for. */
export type Command =
  | { readonly name: "version" }
  | { readonly name: "help"; readonly topic: string | null }
  | InstallCommand
  | CheckCommand
  | { readonly name: "verify" | "evidence"; readonly args: readonly string[] };

export interface InstallCommand {
  readonly name: "install";
  readonly installer: InstallerName;
  /** The installer's own words, untouched. */
  readonly args: readonly string[];
  readonly options: Options;
}

export interface CheckCommand {
  readonly name: "check";
  readonly lockfiles: readonly string[];
  readonly options: Options;
}

/** Our own options, the same for every command that judges. */
export interface Options {
  readonly policy: string | null;
  readonly offline: boolean;
  readonly mode: "audit" | "enforce" | null;
  readonly reports: readonly ReportRequest[];
  readonly quiet: boolean;
}

export interface ReportRequest {
  readonly format: ReportFormat;
  /** null: standard output. */
  readonly file: string | null;
}

export const REPORT_FORMATS = ["pretty", "json"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

const OWN = {
  policy: { type: "string" },
  offline: { type: "boolean" },
  audit: { type: "boolean" },
  enforce: { type: "boolean" },
  report: { type: "string", multiple: true },
  quiet: { type: "boolean", short: "q" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

/**
 * Splits `[our options] COMMAND [its words]`. What follows an installer's name is the installer's and is not looked at.
 * @throws SafeInstallError kind "usage"
 */
export function parseCommandLine(argv: readonly string[]): Command {
  const split = commandIndex(argv);
  const name = argv[split];
  const head = parseOwn(argv.slice(0, split), false);
  if (head.version) return { name: "version" };
  if (name === undefined || name === "help") return { name: "help", topic: argv[split + 1] ?? null };
  if (head.help) return { name: "help", topic: name };
  if (isInstaller(name))
    return { name: "install", installer: name, args: argv.slice(split + 1), options: optionsOf(head) };
  if (name === "check") return parseCheck([...argv.slice(0, split), ...argv.slice(split + 1)]);
  if (name === "verify" || name === "evidence") return { name, args: argv.slice(split + 1) };
  throw usage(`unknown command "${name}"`, `one of: ${INSTALLERS.join(", ")}, check, verify, evidence, help`);
}

function parseCheck(argv: readonly string[]): Command {
  const own = parseOwn(argv, true);
  if (own.help) return { name: "help", topic: "check" };
  return { name: "check", lockfiles: own.positionals, options: optionsOf(own) };
}

/** The index of the first word that is neither an option of ours nor its value. */
function commandIndex(argv: readonly string[]): number {
  const { tokens } = parseArgs({ args: [...argv], options: OWN, strict: false, tokens: true, allowPositionals: true });
  return tokens.find(({ kind }) => kind === "positional")?.index ?? argv.length;
}

function parseOwn(args: readonly string[], allowPositionals: boolean) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OWN, strict: true, allowPositionals });
    return { ...values, positionals };
  } catch (error) {
    throw usage((error as Error).message.split(". ")[0] ?? "bad option", "safe-install --help");
  }
}

type Own = ReturnType<typeof parseOwn>;

function optionsOf(own: Own): Options {
  if (own.audit && own.enforce) throw usage("--audit and --enforce exclude each other", "choose one");
  return {
    policy: own.policy ?? null,
    offline: own.offline ?? false,
    mode: own.audit ? "audit" : own.enforce ? "enforce" : null,
    reports: (own.report ?? []).map(reportRequest),
    quiet: own.quiet ?? false,
  };
}

function reportRequest(text: string): ReportRequest {
  const [format, ...file] = text.split("=");
  const known = REPORT_FORMATS.find((name) => name === format);
  if (known === undefined) throw usage(`unknown report format "${format}"`, `one of: ${REPORT_FORMATS.join(", ")}`);
  return { format: known, file: file.length === 0 ? null : file.join("=") };
}

function usage(message: string, hint: string): SafeInstallError {
  return new SafeInstallError("usage", "USAGE", message, { hint });
}
