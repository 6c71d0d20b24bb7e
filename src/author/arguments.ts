import { SafeInstallError } from "../errors.ts";
import { readBounded } from "../io/files.ts";
import { type Options, optionsOf, OWN } from "../options.ts";
import { misused, readWords } from "../words.ts";
import { installerIn, INSTALLERS, loadPlugin } from "../plugins.ts";
import type { Plugin, Request } from "../plugin.ts";

/** What `init`, `policy` and `explain` are told, beside our common options. */
export interface AuthorArguments {
  readonly words: readonly string[];
  /** `--lockfile`; empty: those that lie here. */
  readonly lockfiles: readonly string[];
  /** `--trusted-root [NAME=]FILE` */
  readonly trustedRoots: readonly { readonly name: string; readonly file: string }[];
  readonly write: boolean;
  /** What nobody signs is recorded by digest, also where the registry's own signature is to be had. */
  readonly record: boolean;
  /** What no lock names any more leaves the recorded file. */
  readonly prune: boolean;
  /** Nothing but new versions of recorded names is pinned in passing. */
  readonly known: boolean;
  /** `--code`, each as it was typed. */
  readonly codes: readonly string[];
  readonly reason: string | null;
  readonly days: string | null;
  readonly approvedBy: string | null;
  readonly renew: boolean;
  /** What follows `--`, for instance `["npm", "install", "left-pad"]`; null: nothing does. */
  readonly command: readonly string[] | null;
  readonly options: Options;
}

const FURTHER = {
  lockfile: { type: "string", multiple: true },
  "trusted-root": { type: "string", multiple: true },
  write: { type: "boolean" },
  record: { type: "boolean" },
  prune: { type: "boolean" },
  known: { type: "boolean" },
  code: { type: "string", multiple: true },
  reason: { type: "string" },
  days: { type: "string" },
  "approved-by": { type: "string" },
  renew: { type: "boolean" },
} as const;

/** Ours, and nothing that these commands could do something with. */
const MEANINGLESS = ["report", "log", "policy-from"] as const;

type Further = keyof typeof FURTHER | "command";

/** @param asker whose help says more. @throws SafeInstallError kind "usage" for what `allowed` does not name */
export function parseAsked(args: readonly string[], allowed: readonly Further[], asker: string): AuthorArguments {
  const end = allowed.includes("command") ? args.indexOf("--") : -1;
  const { values, positionals } = parse(end < 0 ? args : args.slice(0, end), allowed, asker);
  return {
    command: end < 0 ? null : args.slice(end + 1),
    words: positionals,
    lockfiles: values.lockfile ?? [],
    trustedRoots: (values["trusted-root"] ?? []).map(namedRoot),
    write: values.write ?? false,
    record: values.record ?? false,
    prune: values.prune ?? false,
    known: values.known ?? false,
    codes: values.code ?? [],
    reason: values.reason ?? null,
    days: values.days ?? null,
    approvedBy: values["approved-by"] ?? null,
    renew: values.renew ?? false,
    options: optionsOf(values),
  };
}

function parse(args: readonly string[], allowed: readonly Further[], command: string) {
  const result = readWords(args, { ...OWN, ...FURTHER }, command);
  const stranger = (Object.keys(FURTHER) as (keyof typeof FURTHER)[]).find(
    (name) => result.values[name] !== undefined && !allowed.includes(name),
  );
  const elsewhere = MEANINGLESS.find((name) => result.values[name] !== undefined && !allowed.includes(name as never));
  if (stranger === undefined && elsewhere === undefined) return result;
  throw misused(`--${stranger ?? elsewhere} is no option of this command`, command);
}

function namedRoot(text: string): { readonly name: string; readonly file: string } {
  const at = text.indexOf("=");
  const name = at < 0 ? "private" : text.slice(0, at);
  const file = text.slice(at + 1);
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) && file !== "") return { name, file };
  throw new SafeInstallError("usage", "USAGE", `--trusted-root ${text}: expected NAME=FILE`, {
    hint: "--trusted-root contoso=trust/contoso.json",
  });
}

/**
 * An installer's command line, for instance `npm install left-pad`, as the gate would take it.
 * @throws SafeInstallError kind "usage": it is none, it installs nothing, or it is not gated
 */
export async function gatedCommand(
  words: readonly string[],
  cwd: string,
): Promise<{ readonly plugin: Plugin } & Required<Pick<Request, "args" | "program">>> {
  const installer = installerIn(words);
  if (installer === null) throw notMeant(`${words[0] ?? "nothing"} is none of ${INSTALLERS.join(", ")}`);
  const [program, typed] = [words.slice(0, installer.length), words.slice(installer.length)];
  const plugin = await loadPlugin(installer.name);
  const args = (await plugin.expand?.(typed, cwd, { read: readBounded })) ?? typed;
  const invocation = plugin.classify(args, program);
  if (invocation.kind === "refuse")
    throw new SafeInstallError("usage", "NOT_GATED", invocation.reason, { hint: invocation.hint });
  if (invocation.kind === "pass") throw notMeant(`${words.join(" ")} installs nothing`);
  return { plugin, program, args };
}

function notMeant(why: string): SafeInstallError {
  return new SafeInstallError("usage", "USAGE", `after --: ${why}`, {
    hint: "after -- stands what would install the packages, for instance: -- npm install left-pad",
  });
}
