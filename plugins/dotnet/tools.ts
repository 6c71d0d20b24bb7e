import {
  type Host,
  JsonError,
  LIMITS,
  parseJson,
  type Proven,
  type Request,
  SafeInstallError,
} from "../../src/plugin.ts";
import { writeFeed } from "./folder-feed.ts";
import { findDotnet } from "./installer.ts";
import type { Resolution, Wanted } from "./lock.ts";
import { packageKey, refOf } from "./names.ts";
import { hashesOf } from "./proven-hashes.ts";
import { newPackagesFolder } from "./packages-folder.ts";
import type { Resolved } from "./resolve.ts";
import { environment } from "./run.ts";
import { readSettings } from "./settings.ts";
import { keepResolved } from "./tool-cache.ts";
import { comparePackages } from "./unpacked.ts";
import { readToolWords } from "./tool-args.ts";
import { TOOLS } from "./table.ts";
import { realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** A manifest of local tools: ids and exact versions, no hashes. */
interface Manifest {
  readonly path: string;
  readonly isRoot: boolean;
  readonly tools: readonly (readonly [id: string, version: string])[];
}

/** `dotnet tool restore`: what the manifests name, without starting dotnet. */
export async function resolveTools(request: Request, host: Host): Promise<Resolved> {
  const cwd = await realpath(request.cwd);
  const { manifest } = readToolWords(request.args);
  const manifests =
    manifest === null ? await findManifests(cwd, host) : [await readManifest(resolve(cwd, manifest), host)];
  const found = manifests.flatMap((one) => (one === null ? [] : [one]));
  const [nearest] = found;
  if (nearest === undefined)
    throw new SafeInstallError("usage", "NO_PROJECT", "there is no manifest of tools here", {
      hint: "dotnet new tool-manifest",
    });
  const project = folderOf(nearest);
  const context = await request.context(project);
  return {
    project,
    lockfile: null,
    resolution: resolutionOf(found),
    settings: await readSettings(cwd, context, host),
    quarantine: null,
    handoff: (proven) => handOff(proven, project, request, host),
  };
}

/** One manifest alone, as a lock; a tool for several platforms names further packages, which a restore judges. */
export async function readToolManifest(path: string, host: Host): Promise<Resolution> {
  const manifest = await readManifest(path, host);
  return resolutionOf(manifest === null ? [] : [manifest]);
}

/** From here up to the manifest that says it is the root (learn.microsoft.com, "How to manage .NET tools"). */
async function findManifests(cwd: string, host: Host): Promise<readonly Manifest[]> {
  const found: Manifest[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    for (const path of [join(folder, ".config", TOOLS), join(folder, TOOLS)]) {
      const manifest = await readManifest(path, host);
      if (manifest !== null) found.push(manifest);
      if (manifest?.isRoot === true) return found;
    }
    if (dirname(folder) === folder) return found;
  }
}

async function readManifest(path: string, host: Host): Promise<Manifest | null> {
  const content = await host.read(path, { maxBytes: LIMITS.manifestBytes });
  if (content === null) return null;
  try {
    const { isRoot, tools = {} } = parseJson(content.toString("utf8").replace(/^\uFEFF/, "")) as {
      isRoot?: boolean;
      tools?: Readonly<Record<string, { readonly version?: unknown }>>;
    };
    return {
      path,
      isRoot: isRoot === true,
      tools: Object.entries(tools).map(([id, { version }]) => [id, String(version)] as const),
    };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new SafeInstallError("usage", "TOOLS_INVALID", `${path}: ${error.message}`);
  }
}

function folderOf({ path }: Manifest): string {
  const folder = dirname(path);
  return folder.endsWith(".config") ? dirname(folder) : folder;
}

/** The nearest manifest decides about a tool that several name. */
function resolutionOf(manifests: readonly Manifest[]): Resolution {
  const tools = new Map(
    manifests
      .flatMap(({ tools, path }) => tools.map(([id, version]) => [id.toLowerCase(), { id, version, path }] as const))
      .toReversed(),
  );
  const wanted = new Map<string, Wanted>();
  for (const { id, version, path } of tools.values()) {
    const ref = refOf(id, version);
    if (ref === null)
      throw new SafeInstallError(
        "usage",
        "TOOLS_INVALID",
        `${path}: "${id}" ${version} is no exact version of a package`,
      );
    wanted.set(packageKey(ref), { package: ref, stated: [], locations: [path] });
  }
  return { wanted, unbound: [], notGated: [] };
}

async function requireProven(packages: string, proven: readonly Proven[]): Promise<void> {
  const differences = await comparePackages(packages, hashesOf(proven));
  if (differences.length === 0) return;
  throw new SafeInstallError(
    "unbound",
    "INSTALLED_MISMATCH",
    `what dotnet took was not proven: ${differences.join("; ")}`,
  );
}

/**
 * dotnet believes its own cache of resolved tools before it looks at any package: it gets an empty one, and what it wrote
 * there goes to the user's afterwards.
 */
async function handOff(proven: readonly Proven[], project: string, request: Request, host: Host): Promise<number> {
  const home = await host.temporary("dotnet-home");
  const { config } = await writeFeed(await host.temporary("dotnet-feed"), proven);
  const packages = await newPackagesFolder(project, ".safe-install-tools");
  const file = await findDotnet(request.cwd, host.env);
  const surroundings = await environment({ file, cwd: request.cwd, host, sdks: null }, packages.folder);
  const env = {
    ...surroundings,
    DOTNET_CLI_HOME: home,
    DOTNET_SKIP_FIRST_TIME_EXPERIENCE: "1",
    DOTNET_GENERATE_ASPNET_CERTIFICATE: "false",
  };
  const args = [...request.args, "--configfile", config, "--no-http-cache"];
  return host.transaction({ root: project, found: [], replaces: packages.replaces }, async () => {
    await packages.make();
    const code = await host.run({ file, args, cwd: request.cwd, env });
    if (code !== 0) return code;
    await requireProven(packages.folder, proven);
    await keepResolved(home, packages.folder, host);
    return 0;
  });
}
