import { type ErrorCode, SafeInstallError } from "../../../src/plugin.ts";
import type { NpmConfig } from "../config.ts";
import type { Executing } from "../task.ts";
import npa from "npm-package-arg";
import type { Workplace } from "../locate.ts";

/** What is to be run, as `npm exec` reads it (npm 10 to 12, `lib/commands/exec.js` and `libnpmexec`). */
interface ExecCommand {
  /** What has to be there, as specs of a registry; empty: only what is on disk is run. */
  readonly packages: readonly string[];
  /** The first of `words` is the package, and stands for its command. */
  readonly isPackage: boolean;
  readonly words: readonly string[];
  /** For a shell; null: `words` are run. */
  readonly call: string | null;
}

/** @throws SafeInstallError where npm would refuse it, or where it names anything but a package of a registry. */
export function execCommandOf({ words, creates }: Executing, config: NpmConfig): ExecCommand {
  if (creates) return created(words);
  const call = textOf(config.get("call"));
  const packages = [config.get("package")].flat().filter((one): one is string => typeof one === "string" && one !== "");
  if (call !== null && words.length > 0)
    throw usage("--call and a command exclude each other", "put the command's words into --call");
  const isPackage = call === null && words.length > 0 && packages.length === 0;
  const named = isPackage ? words.slice(0, 1) : packages;
  return { packages: named, isPackage, words, call };
}

/** `npm init NAME` runs `create-NAME`, `npm init @scope` runs `@scope/create` (`lib/commands/init.js`). */
function created([initializer = "", ...rest]: readonly string[]): ExecCommand {
  const spec = initializerOf(initializer);
  return { packages: [spec], isPackage: true, words: [spec, ...rest], call: null };
}

function initializerOf(initializer: string): string {
  const [, scope, version] = /^@([^/@]+)(?:@(.*))?$/.exec(initializer) ?? [];
  if (scope !== undefined) return `@${scope}/create${version === undefined ? "" : `@${version}`}`;
  const { name, rawSpec } = registrySpec(initializer);
  return `${name.replace(/^(@[^/]+\/)?/, "$1create-")}@${rawSpec}`;
}

interface RegistrySpec {
  /** The folder in node_modules: the alias, where it is one. */
  readonly name: string;
  readonly rawSpec: string;
}

/** @throws SafeInstallError kind "unbound" for git, URLs, archives and folders. */
export function registrySpec(spec: string): RegistrySpec {
  const { type, name, rawSpec } = parse(spec);
  if (type === "git") throw unbound("GIT_DEPENDENCY", `${spec}: a git repository has no archive that could be proven`);
  if (type === "remote") throw unbound("REMOTE_DEPENDENCY", `${spec}: an archive by URL is outside of every registry`);
  if (type === "file" || type === "directory")
    throw unbound("FILE_DEPENDENCY", `${spec}: no registry vouches for what lies on disk`);
  if (name === null) throw usage(`${spec} names no package`, "write NAME or NAME@VERSION");
  return { name, rawSpec };
}

function parse(spec: string): { readonly type: string; readonly name: string | null; readonly rawSpec: string } {
  try {
    const { type, name, rawSpec } = npa(spec);
    return { type, name: name ?? null, rawSpec };
  } catch (error) {
    throw usage(`${spec}: ${(error as Error).message}`, "write NAME or NAME@VERSION");
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function unbound(code: ErrorCode, message: string): SafeInstallError {
  return new SafeInstallError("unbound", code, message, { hint: "take it from a registry" });
}

function usage(message: string, hint: string): SafeInstallError {
  return new SafeInstallError("usage", "USAGE", message, { hint });
}

/** Where a tool runs, and with what: the user's npm, and its configuration where the command was typed. */
export interface Execution extends Workplace<Executing> {
  readonly asked: ExecCommand;
}
