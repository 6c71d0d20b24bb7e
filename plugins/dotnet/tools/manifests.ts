import {
  closed,
  type Host,
  JsonError,
  LIMITS,
  parseJson,
  readAs,
  SafeInstallError,
  tableOf,
  text,
} from "../../../src/plugin.ts";
import type { PackageSet, WantedPackage } from "../resolve/lock.ts";
import { packageKey, refOf } from "../names.ts";
import { readToolWords } from "../tool-args.ts";
import { dirname, join, resolve } from "node:path";
import * as v from "valibot";

/** A manifest of local tools: ids and exact versions, no hashes. */
interface ToolManifest {
  readonly path: string;
  readonly isRoot: boolean;
  readonly tools: readonly (readonly [id: string, version: string])[];
}

/** One manifest alone, as a lock; a tool for several platforms names further packages, which a restore judges. */
export async function readToolManifest(path: string, host: Host): Promise<PackageSet> {
  const manifest = await readManifest(path, host);
  return toolsOf(manifest === null ? [] : [manifest]);
}

/** The manifests that count, the nearest first. @throws SafeInstallError NO_PROJECT where there is none */
export async function findManifests(
  args: readonly string[],
  cwd: string,
  host: Host,
): Promise<readonly ToolManifest[]> {
  const { manifest } = readToolWords(args);
  const all = manifest === null ? await manifestsAbove(cwd, host) : [await readManifest(resolve(cwd, manifest), host)];
  const found = all.flatMap((one) => (one === null ? [] : [one]));
  if (found.length > 0) return found;
  throw new SafeInstallError("usage", "NO_PROJECT", "there is no manifest of tools here", {
    hint: "dotnet new tool-manifest",
  });
}

/** From here up to the manifest that says it is the root (learn.microsoft.com, "How to manage .NET tools"). */
export async function manifestsAbove(cwd: string, host: Host): Promise<readonly ToolManifest[]> {
  const found: ToolManifest[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    for (const path of [join(folder, ".config", MANIFEST), join(folder, MANIFEST)]) {
      const manifest = await readManifest(path, host);
      if (manifest !== null) found.push(manifest);
      if (manifest?.isRoot === true) return found;
    }
    if (dirname(folder) === folder) return found;
  }
}

/** The name of a manifest. */
export const MANIFEST = "dotnet-tools.json";

/** Version 1, and the 0 that dotnet takes an absent one for; "$schema" is for editors. */
const TOOL = closed({
  version: text,
  commands: v.pipe(v.array(text), v.minLength(1)),
  rollForward: v.optional(v.boolean()),
});

const FORMAT = closed({
  $schema: v.optional(v.string()),
  version: v.optional(v.picklist([0, 1])),
  isRoot: v.optional(v.boolean()),
  tools: v.optional(tableOf(TOOL)),
});

/** For docs/locks.md. */
export const TOOL_MEMBERS = { "the file": FORMAT, "a tool": TOOL };

async function readManifest(path: string, host: Host): Promise<ToolManifest | null> {
  const content = await host.read(path, { maxBytes: LIMITS.manifestBytes });
  if (content === null) return null;
  const found = readAs(FORMAT, parsed(content.toString("utf8").replace(/^\uFEFF/, ""), path));
  if (!("value" in found)) throw invalid(path, found.wrong);
  const { isRoot = false, tools = {} } = found.value;
  const ids = Object.keys(tools).map((id) => id.toLowerCase());
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw invalid(path, `"${twice}" twice`);
  return { path, isRoot, tools: Object.entries(tools).map(([id, { version }]) => [id, version] as const) };
}

function parsed(content: string, path: string): unknown {
  try {
    return parseJson(content);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw invalid(path, error.message);
  }
}

function invalid(path: string, why: string): SafeInstallError {
  return new SafeInstallError("unbound", "TOOLS_INVALID", `${path}: ${why}`, {
    hint: "dotnet tool list --local says whether dotnet itself can read it; otherwise make it anew",
  });
}

/** The project that the nearest manifest is of. */
export function folderOf([nearest]: readonly ToolManifest[]): string {
  const folder = dirname(nearest?.path ?? "");
  return folder.endsWith(".config") ? dirname(folder) : folder;
}

/** The nearest manifest decides about a tool that several name. */
export function toolsOf(manifests: readonly ToolManifest[]): PackageSet {
  const tools = new Map(
    manifests
      .flatMap(({ tools, path }) => tools.map(([id, version]) => [id.toLowerCase(), { id, version, path }] as const))
      .toReversed(),
  );
  const wanted = new Map<string, WantedPackage>();
  for (const { id, version, path } of tools.values()) {
    const ref = refOf(id, version);
    if (ref === null) throw invalid(path, `"${id}" ${version} is no exact version of a package`);
    wanted.set(packageKey(ref), { package: ref, stated: [], locations: [path] });
  }
  return { wanted, unbound: [], notGated: [] };
}
