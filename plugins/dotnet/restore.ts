import {
  type Bounds,
  type Host,
  isInside,
  type NotGated,
  type Part,
  type Proven,
  type Stages,
  wayTo,
} from "../../src/plugin.ts";
import { readIntent } from "./args.ts";
import { dotnetHandoff } from "./handoff/handoff.ts";
import { partOf, together, without } from "./part.ts";
import type { LearntFeeds } from "./feed/feed.ts";
import { runtimeWords } from "./platform.ts";
import type { HookedTarget } from "./reading/closure.ts";
import { type LeftOut, requireReadable } from "./reading/reading.ts";
import { outputsOf } from "./resolve/graph.ts";
import { rememberSet } from "./resolve/known.ts";
import { readApart } from "./resolve/apart.ts";
import { hookedRun } from "./handoff/hooked.ts";
import type { PackageSet } from "./resolve/lock.ts";
import { areAllLocked, type RestoreRequest, type Read, readProjects, setOf } from "./resolve/resolve.ts";
import { dotnetFor } from "./run.ts";
import { openSession } from "./session/session.ts";
import { sdksOf } from "./sdk/sdks.ts";
import { settingsFor } from "./feed/default-source.ts";
import type { Restored } from "./locate.ts";
import { hookedTools } from "./tools/hooked.ts";
import { attribute } from "./xml.ts";
import { dirname } from "node:path";

/** `dotnet restore`, and what restores on its way: from the projects' locks, or by a restore in quarantine. */
export async function* restoreStages(located: Restored, bounds: Bounds, host: Host): Stages {
  const { target, request } = located;
  const intent = readIntent(request.args, request.cwd);
  if ("refused" in intent) throw new TypeError("a refused command is never opened");
  const left = await requireReadable(target, { root: bounds.repositoryRoot }, host);
  const learnt: LearntFeeds = new Map();
  const early = yield* projectSdks(located, learnt, bounds, host);
  const alone = await dotnetFor(request.cwd, host);
  const words = [...intent.restore, ...(await runtimeWords(alone, intent.platform))];
  // Where targets of the project run, the hand-off has surroundings of its own.
  const plain = left.targets.length === 0 ? { ...alone, session: await openSession(words, host) } : alone;
  const { read, locked, resolution, quarantine } = await resolved(
    { dotnet: plain, target, bounds, early, words },
    left,
  );
  const around = {
    project: target.folder,
    settings: read.settings,
    folder: await host.temporary("dotnet-bytes"),
    learnt,
    host,
  };
  const lock = locked && read.projects.length === 1 ? (read.projects[0]?.lock ?? null) : null;
  const notGated = [...resolution.notGated, ...left.targets.map((one) => runsInRestore(one, bounds.repositoryRoot))];
  const proven = yield partOf(without({ ...resolution, notGated }, early), { ...around, quarantine }, lock);
  if (quarantine !== null) await rememberSet(target, proven, host);
  const { root } = located;
  const folders = [...new Set([target.folder, ...read.projects.map(({ file }) => dirname(file))])];
  const tools = yield* hookedTools({ folders, bounds, learnt, dotnet: plain }, left.targets);
  return dotnetHandoff(together(early, proven), {
    ...read,
    hooked: left.targets.length === 0 ? null : await hookedRun(read.dotnet, { root, target }, tools),
    root,
    words: words.filter((word) => word !== "--force-evaluate"),
    lockedMode: intent.lockedMode || (locked && hasReferences(read)),
    edits: [],
    afterwards: intent.command === "restore" ? null : request.args,
  });
}

interface Resolved {
  readonly read: Read;
  /** By locks alone. */
  readonly locked: boolean;
  readonly resolution: PackageSet;
  readonly quarantine: string | null;
}

/** Targets that are left for the hand-off are left out of the reading, in a copy of the repository. */
async function resolved(asked: RestoreRequest, left: LeftOut): Promise<Resolved> {
  const { dotnet, target, bounds, words, early } = asked;
  if (left.targets.length === 0) return resolvedFrom(await readProjects(asked), asked);
  const settings = await settingsFor(target.folder, bounds, dotnet.host);
  const apart = await readApart({ dotnet, target, bounds, settings, words, sdks: early }, left);
  const { read, resolution, ...rest } = await resolvedFrom(await readProjects({ ...asked, ...apart }), {
    ...asked,
    ...apart,
  });
  const { sdks } = read.dotnet;
  const projects = read.projects.map((one) => apart.inPlace(one));
  return {
    ...rest,
    read: { ...read, dotnet: { ...dotnet, sdks }, target, projects, settings: apart.sourcesInPlace(read.settings) },
    resolution: apart.named(resolution),
  };
}

async function resolvedFrom(read: Read, { words, bounds }: RestoreRequest): Promise<Resolved> {
  await requireInside(read, bounds.repositoryRoot);
  const locked = !words.includes("--force-evaluate") && (await areAllLocked(read.projects));
  return { read, locked, ...(await setOf(read, words, locked)) };
}

/**
 * What a restore writes may be told to lie anywhere: said before anything is fetched or judged.
 * @throws SafeInstallError OUTSIDE_PROJECT, CANNOT_SET_ASIDE
 */
async function requireInside({ projects, unbound, dotnet }: Read, root: string): Promise<void> {
  const strange = new Set(unbound.map(({ location }) => location));
  const own = projects.filter(({ file, style }) => style === "PackageReference" && !strange.has(file));
  const replaces = own.flatMap((one) => [...outputsOf(one), one.lock]).map((path) => ({ path }));
  await dotnet.host.assertReplaceable({ root, found: [], replaces });
}

function runsInRestore({ file, element, tasks }: HookedTarget, root: string): NotGated {
  const place = isInside(file, root) ? wayTo(root, file) : file;
  const name = `target ${attribute(element, "Name")} of ${place} (${tasks.join(", ")})`;
  return { kind: "in-restore", name, detail: "left out of the reading" };
}

function hasReferences({ projects }: Read): boolean {
  return projects.some(({ style }) => style === "PackageReference");
}

/** Project SDKs run while a project is read: those that a version names are proven first, or nothing is read. */
export async function* projectSdks(
  { target }: Restored,
  learnt: LearntFeeds,
  bounds: Bounds,
  host: Host,
): AsyncGenerator<Part, readonly Proven[], readonly Proven[]> {
  const resolution = await sdksOf(target, host);
  if (resolution === null) return [];
  const settings = await settingsFor(target.folder, bounds, host);
  const folder = await host.temporary("dotnet-bytes");
  const around = { project: target.folder, settings, folder, learnt, host };
  return yield { ...partOf(resolution, around), opens: true, runs: true };
}
