import { LIMITS, type Proven } from "../../../src/plugin.ts";
import { dataOf, readZip } from "../zip.ts";
import { readdir, readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";

interface Beside {
  /** Of the command line. */
  readonly words: readonly string[];
  /** What dotnet is started with, which makes each variable a property. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sdks: readonly Proven[];
}

/**
 * Names (in lower case) of which the SDK that lies beside `dotnet`, project SDKs in packages, the command line or the
 * environment say something: as properties they may have values that no file of the project gives them. More than these, never fewer.
 */
export async function namesGiven(dotnet: string, { words, env, sdks }: Beside): Promise<ReadonlySet<string>> {
  const root = dirname(await realpath(dotnet));
  const folders = ["sdk", "sdk-manifests", "packs"].map((one) => join(root, one));
  const files = (await Promise.all(folders.map(filesBelow))).flat();
  const names = new Set([...words.flatMap(propertyOf), ...Object.keys(env).map((one) => one.toLowerCase())]);
  for (const file of files) add(await readFile(file, "utf8"), names);
  for (const { bytes } of sdks) {
    const content = await bytes.read();
    for (const entry of readZip(content).entries)
      if (READ.test(entry.name)) add(dataOf(entry, content, LIMITS.artifactBytes).toString("utf8"), names);
  }
  return names;
}

const READ = /\.(?:props|targets|tasks|overridetasks)$/i;

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((one) => one.isFile() && READ.test(one.name)).map((one) => join(one.parentPath, one.name));
}

function add(text: string, names: Set<string>): void {
  for (const [, name = "", other = name] of text.matchAll(NAMES)) names.add(other.toLowerCase());
}

/** An element, a property that is asked for, `Properties="NAME=..."`, an output's `PropertyName`. */
const NAMES = /(?:<|\$\(|PropertyName\s*=\s*["'])([A-Za-z_][\w.-]*)|([A-Za-z_][\w.-]*)\s*=/gi;

function propertyOf(word: string): readonly string[] {
  const [, name] = /^(?:--?|\/)p(?:roperty)?[:=]([^=]*)=/i.exec(word) ?? [];
  return name === undefined ? [] : [name.toLowerCase()];
}
