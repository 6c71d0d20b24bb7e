import { type Denial, type Host, type Proven, type Request, type Unbound, isInside } from "../../src/plugin.ts";
import { readIntent } from "./args.ts";
import { resolutionOf } from "./assets.ts";
import { type Project, readGraph } from "./graph.ts";
import { handOff } from "./handoff.ts";
import { findDotnet } from "./installer.ts";
import { join as joinResolutions, readLock, type Resolution } from "./lock.ts";
import { packageKey, refOf } from "./names.ts";
import { layOverlay } from "./sdk-overlay.ts";
import { runtimeWords } from "./platform.ts";
import { restoreInQuarantine } from "./quarantine.ts";
import type { Dotnet } from "./run.ts";
import { readSettingsFiles, type Settings } from "./settings.ts";
import { findTarget, type Target } from "./target.ts";
import { access, realpath } from "node:fs/promises";
import { join } from "node:path";

/** A dependency set, where its bytes are to be had, and what happens once they are proven. */
export interface Resolved {
  readonly project: string;
  readonly lockfile: string | null;
  readonly resolution: Resolution;
  /** What had to be proven before the rest was known, and what no restore brings: project SDKs, tools. */
  readonly early?: Resolution | null;
  readonly settings: Settings;
  /** Packages folder of a quarantine restore; null: the feeds are asked. */
  readonly quarantine: string | null;
  handoff(proven: readonly Proven[]): Promise<number>;
}

/** Project SDKs that were proven before the projects could be read. */
export interface Early {
  readonly resolution: Resolution;
  readonly proven: readonly Proven[];
}

/** What the projects behind a command line would restore: from their locks, or by a restore in quarantine. */
export async function resolveProjects(request: Request, host: Host, early: Early | null): Promise<Resolved> {
  const intent = readIntent(request.args, request.cwd);
  if ("refused" in intent) throw new TypeError("a refused command is never opened");
  const plain: Dotnet = { file: await findDotnet(request.cwd, host.env), cwd: request.cwd, host, sdks: null };
  const words = [...intent.restore, ...(await runtimeWords(plain, intent.platform))];
  const read = await readProjects({ request, host, early, named: intent.target, words });
  const { dotnet, target, projects, settings, unbound, folder, root } = read;

  const locked = !words.includes("--force-evaluate") && (await areAllLocked(projects));
  const lockedMode = intent.lockedMode || (locked && projects.some(({ style }) => style === "PackageReference"));
  const { resolution, quarantine } =
    locked || unbound.length > 0
      ? { resolution: await fromLocks(projects, host), quarantine: null }
      : await fromQuarantine(dotnet, target, projects, { words, folder });
  return {
    project: target.folder,
    lockfile: locked && projects.length === 1 ? (projects[0]?.lock ?? null) : null,
    resolution: { ...resolution, unbound: [...unbound, ...resolution.unbound] },
    early: early?.resolution ?? null,
    settings,
    quarantine,
    handoff: (proven) =>
      handOff(proven, {
        dotnet,
        target,
        projects,
        root,
        words: words.filter((word) => word !== "--force-evaluate"),
        lockedMode,
        edits: [],
        afterwards: intent.command === "restore" ? null : request.args,
      }),
  };
}

interface Asked {
  readonly request: Request;
  readonly host: Host;
  readonly early: Early | null;
  /** The project, solution or folder that was named. */
  readonly named: string | null;
  readonly words: readonly string[];
}

/** The projects behind a command line as they are now. */
export interface Read {
  readonly dotnet: Dotnet;
  readonly target: Target;
  readonly projects: readonly Project[];
  readonly settings: Settings;
  /** Projects that nothing can be done with. */
  readonly unbound: readonly Unbound[];
  /** Private, for what resolving makes. */
  readonly folder: string;
  /** Of the repository. */
  readonly root: string;
}

/** Evaluates the projects with proven SDKs only; nothing is resolved. */
export async function readProjects({ request, host, early, named, words }: Asked): Promise<Read> {
  const target = await findTarget(named, await realpath(request.cwd), request.args[0]);
  const context = await request.context(target.folder);
  const root = context.repositoryRoot;
  const folder = await host.temporary("dotnet-resolve");
  const plain: Dotnet = { file: await findDotnet(request.cwd, host.env), cwd: request.cwd, host, sdks: null };
  const dotnet = early === null ? plain : { ...plain, sdks: await layOverlay(plain, early.proven, folder) };
  const projects = await readGraph(dotnet, target, words, folder);
  const settings = withSources(await readSettingsFiles(configFilesOf(projects), context, host), projects);
  return { dotnet, target, projects, settings, unbound: unboundOf(projects, root), folder, root };
}

function configFilesOf(projects: readonly Project[]): readonly string[] {
  return [...new Set(projects.flatMap(({ configFiles }) => configFiles))];
}

/** The sources that the SDK worked out count (a project may name more); the files give their names and credentials. */
function withSources(settings: Settings, projects: readonly Project[]): Settings {
  const names = new Map([...settings.sources].map(([name, address]) => [address, name]));
  const addresses = new Set(projects.flatMap(({ sources }) => sources));
  return { ...settings, sources: new Map([...addresses].map((address) => [names.get(address) ?? address, address])) };
}

/** A lock for every project that restores packages by reference. */
export async function areAllLocked(projects: readonly Project[]): Promise<boolean> {
  const needed = projects.filter(({ style }) => style === "PackageReference");
  const found = await Promise.all(
    needed.map(({ lock }) =>
      access(lock).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every(Boolean);
}

async function fromLocks(projects: readonly Project[], host: Host): Promise<Resolution> {
  const needed = projects.filter(({ style }) => style === "PackageReference");
  const locks = await Promise.all(needed.map(({ lock }) => readLock(lock, host)));
  return joinResolutions([...locks, ...projects.map(downloadsOf)]);
}

/** What the SDK downloads beside what is locked: known by exact version, bound by evidence alone. */
function downloadsOf({ file, downloads }: Project): Resolution {
  const wanted = downloads.flatMap(([id, version]) => {
    const ref = refOf(id, version);
    return ref === null ? [] : [[packageKey(ref), { package: ref, stated: [], locations: [file] }] as const];
  });
  return { wanted: new Map(wanted), unbound: [], notGated: [] };
}

async function fromQuarantine(
  dotnet: Dotnet,
  target: Target,
  projects: readonly Project[],
  how: { readonly words: readonly string[]; readonly folder: string },
) {
  const { packages, assets } = await restoreInQuarantine(dotnet, target, projects, how);
  return { resolution: joinResolutions(assets.map(resolutionOf)), quarantine: join(packages) };
}

function unboundOf(projects: readonly Project[], repositoryRoot: string): readonly Unbound[] {
  return projects.flatMap(({ file, style }) => {
    if (!isInside(file, repositoryRoot))
      return [
        deny(file, "FILE_DEPENDENCY", "a project outside of the repository", "keep the project in the repository"),
      ];
    if (style === "PackageReference" || style === "Unknown") return [];
    return [deny(file, "LOCK_UNSUPPORTED", `a project of style ${style} is not understood`, "use PackageReference")];
  });
}

function deny(location: string, code: Denial["code"], message: string, hint: string): Unbound {
  return { package: null, location, denial: { code, message, details: [], location, hint } };
}
