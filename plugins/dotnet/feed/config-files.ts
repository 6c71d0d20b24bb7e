import { type Host, SafeInstallError } from "../../../src/plugin.ts";
import { attribute, children, localName, parseRoot, type XmlElement, XmlFault } from "../xml.ts";
import { homedir } from "node:os";
import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** One NuGet.config. */
export interface ConfigFile {
  readonly file: string;
  readonly root: XmlElement;
}

const MAX_BYTES = 4_000_000;

/** Those that apply to a folder, nearest first: its own and those above it, then the user's (learn.microsoft.com, NuGet.config). */
export async function configFilesFor(folder: string, host: Pick<Host, "env">): Promise<readonly string[]> {
  const found: string[] = [];
  for (let at = resolve(folder); ; at = dirname(at)) {
    const names: readonly string[] = await readdir(at).catch(() => []);
    const own = ["nuget.config", "NuGet.config", "NuGet.Config"].find((name) => names.includes(name));
    if (own !== undefined) found.push(join(at, own));
    if (dirname(at) === at) break;
  }
  return [...found, ...userFiles(host.env)];
}

function userFiles(env: Host["env"]): readonly string[] {
  if (process.platform === "win32") return [join(env["APPDATA"] ?? "", "NuGet", "NuGet.Config")];
  const home = homeOf(env);
  return [join(home, ".nuget", "NuGet", "NuGet.Config"), join(home, ".config", "NuGet", "NuGet.Config")];
}

export function homeOf(env: Host["env"]): string {
  return env["DOTNET_CLI_HOME"] ?? env["HOME"] ?? homedir();
}

/** Reads those that are there, in the order given. @throws SafeInstallError NUGET_CONFIG_INVALID */
export async function readConfigFiles(
  files: readonly string[],
  host: Pick<Host, "read">,
): Promise<readonly ConfigFile[]> {
  const roots = await Promise.all(files.map((file) => readRoot(file, host)));
  return roots.flatMap((root, index) => (root === null ? [] : [{ root, file: files[index] ?? "" }]));
}

async function readRoot(file: string, host: Pick<Host, "read">): Promise<XmlElement | null> {
  const content = await host.read(file, { maxBytes: MAX_BYTES });
  if (content === null) return null;
  try {
    const text = content.toString("utf8");
    const root = parseRoot(text);
    if (/<!DOCTYPE/i.test(text)) throw new XmlFault("NuGet takes no document type");
    if (localName(root).toLowerCase() !== "configuration") throw new XmlFault("the root element is not configuration");
    return root;
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    throw new SafeInstallError("usage", "NUGET_CONFIG_INVALID", `${file}: ${error.message}`);
  }
}

/**
 * The items of a section as NuGet has them: of the first section of that very name, and what is behind a first `<clear />`;
 * of two with one key the first, where nothing is cleared (else the last; test/long/nuget-config.test.ts asks the client).
 */
export function itemsOf(root: XmlElement, section: string): Items {
  const [first] = children(root, section);
  const all = first === undefined ? [] : children(first);
  const cleared = all.findIndex((item) => kindOf(item) === "clear");
  if (cleared >= 0) return { isCleared: true, items: all.slice(cleared + 1) };
  const keys = all.map((item) => JSON.stringify([kindOf(item), attribute(item, "key") ?? localName(item)]));
  return { isCleared: false, items: all.filter((_, at) => keys.indexOf(keys[at] ?? "") === at) };
}

interface Items {
  /** What farther files say of the section is forgotten. */
  readonly isCleared: boolean;
  readonly items: readonly XmlElement[];
}

/** In lower case: of an item, unlike of a section, NuGet does not tell. */
export function kindOf(item: XmlElement): string {
  return localName(item).toLowerCase();
}

/** `_x0020_`: a character that an element's name cannot have. */
export function decodeName(name: string): string {
  return name.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * Puts variables of the environment in the place of `%NAME%`, as .NET does it (Environment.ExpandEnvironmentVariables): what
 * names none stays as it is, and the `%` behind it may begin the next.
 */
export function expand(value: string, env: Host["env"]): string {
  let expanded = "";
  for (let at = 0; ;) {
    const next = value.indexOf("%", at + 1);
    if (next < 0) return expanded + value.slice(at);
    const found = value[at] === "%" ? lookUp(value.slice(at + 1, next), env) : undefined;
    expanded += found ?? value.slice(at, next);
    at = found === undefined ? next : next + 1;
  }
}

/** Whether anything of the environment would take the place of a part of it. */
export function isExpanded(value: string, env: Host["env"]): boolean {
  return expand(value, env) !== value;
}

/** Windows does not tell the case of a name. */
function lookUp(name: string, env: Host["env"]): string | undefined {
  if (Object.hasOwn(env, name) || process.platform !== "win32") return env[name];
  const found = Object.keys(env).find((one) => one.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : env[found];
}
