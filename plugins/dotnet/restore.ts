import type { Bounds, Host, Part, Proven, Stages } from "../../src/plugin.ts";
import { readIntent } from "./args.ts";
import { dotnetHandoff } from "./handoff/handoff.ts";
import { partOf, together, without } from "./part.ts";
import type { LearntFeeds } from "./feed/feed.ts";
import { runtimeWords } from "./platform.ts";
import { requireQuiet } from "./reading/reading.ts";
import { areAllLocked, type Read, readProjects, setOf } from "./resolve/resolve.ts";
import { dotnetFor } from "./run.ts";
import { sdksOf } from "./sdk/sdks.ts";
import { readSettings } from "./feed/settings.ts";
import type { Restored } from "./locate.ts";

/** `dotnet restore`, and what restores on its way: from the projects' locks, or by a restore in quarantine. */
export async function* restoreStages(located: Restored, bounds: Bounds, host: Host): Stages {
  const { target, request } = located;
  const intent = readIntent(request.args, request.cwd);
  if ("refused" in intent) throw new TypeError("a refused command is never opened");
  await requireQuiet(target, bounds.repositoryRoot, host);
  const learnt: LearntFeeds = new Map();
  const early = yield* projectSdks(located, learnt, bounds, host);
  const plain = await dotnetFor(request.cwd, host);
  const words = [...intent.restore, ...(await runtimeWords(plain, intent.platform))];
  const read = await readProjects({ dotnet: plain, target, bounds, early, words });

  const locked = !words.includes("--force-evaluate") && (await areAllLocked(read.projects));
  const { resolution, quarantine } = await setOf(read, words, locked);
  const around = {
    project: target.folder,
    settings: read.settings,
    folder: await host.temporary("dotnet-bytes"),
    learnt,
    host,
  };
  const lock = locked && read.projects.length === 1 ? (read.projects[0]?.lock ?? null) : null;
  const proven = yield partOf(without(resolution, early), { ...around, quarantine }, lock);
  return dotnetHandoff(together(early, proven), {
    ...read,
    root: located.root,
    words: words.filter((word) => word !== "--force-evaluate"),
    lockedMode: intent.lockedMode || (locked && hasReferences(read)),
    edits: [],
    afterwards: intent.command === "restore" ? null : request.args,
  });
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
  const settings = await readSettings(target.folder, bounds, host);
  const folder = await host.temporary("dotnet-bytes");
  const around = { project: target.folder, settings, folder, learnt, host };
  return yield { ...partOf(resolution, around), opens: true };
}
