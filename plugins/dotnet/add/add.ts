import { type Bounds, type Host, isInside, SafeInstallError, type Stages } from "../../../src/plugin.ts";
import { readAddition } from "../add-args.ts";
import { readAssets, resolutionOf } from "../resolve/assets.ts";
import { type Edit, editsIn } from "./mirror.ts";
import type { DotnetProject } from "../resolve/graph.ts";
import { dotnetHandoff } from "../handoff/handoff.ts";
import { join as joinResolutions, type PackageSet } from "../resolve/lock.ts";
import { type Mirror, mirrorOf } from "./mirror.ts";
import type { LearntFeeds } from "../feed/feed.ts";
import { partOf, together, without } from "../part.ts";
import { requireQuiet } from "../reading/reading.ts";
import { refusedIn } from "../resolve/refused.ts";
import { areAllLocked, type Read, readProjects } from "../resolve/resolve.ts";
import { projectSdks } from "../restore.ts";
import { outsideProject } from "../installer.ts";
import { type Dotnet, dotnetFor, environment, step } from "../run.ts";
import { settingsFile } from "../feed/settings-file.ts";
import type { Restored } from "../locate.ts";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * `dotnet add package`: the real one in a mirror of the repository says what it would write and what would come; once that
 * is proven, the very same text is written and restored.
 */
export async function* addStages(located: Restored, bounds: Bounds, host: Host): Stages {
  const { target, request, root } = located;
  const addition = readAddition(request.args);
  if ("refused" in addition) throw new TypeError("a refused command is never opened");
  await requireQuiet(target, { root: bounds.repositoryRoot }, host);
  const learnt: LearntFeeds = new Map();
  const early = yield* projectSdks(located, learnt, bounds, host);
  const plain = await dotnetFor(request.cwd, host);
  const read = await readProjects({ dotnet: plain, target, bounds, early, words: [] });
  const { unbound, settings } = read;
  const added = unbound.length > 0 ? NOTHING : await addInMirror(addition.words, read, bounds.repositoryRoot);
  const resolution = { ...added.resolution, unbound: [...unbound, ...added.resolution.unbound] };
  const around = { project: target.folder, settings, folder: await host.temporary("dotnet-bytes"), learnt, host };
  const proven = yield partOf(without(resolution, early), { ...around, quarantine: added.packages });
  const { lockedMode, edits } = added;
  return dotnetHandoff(together(early, proven), {
    ...read,
    root,
    words: [],
    lockedMode,
    edits,
    afterwards: null,
    hooked: null,
  });
}

interface Added {
  readonly resolution: PackageSet;
  readonly edits: readonly Edit[];
  readonly lockedMode: boolean;
  /** What came. */
  readonly packages: string | null;
}

const NOTHING: Added = {
  resolution: { wanted: new Map(), unbound: [], notGated: [] },
  edits: [],
  lockedMode: false,
  packages: null,
};

async function addInMirror(words: readonly string[], read: Read, root: string): Promise<Added> {
  const { dotnet, target, projects, settings, folder } = read;
  const { text, env } = settingsFile(settings);
  const mirror = await mirrorOf(root, folder, text);
  const packages = join(folder, "packages");
  await mkdir(packages);
  const cwd = isInside(dotnet.cwd, root) ? mirror.at(dotnet.cwd) : mirror.root;
  const outside = await outsideProject(dotnet.cwd, dotnet.host.env);
  const there: Dotnet = { ...dotnet, cwd, host: { ...dotnet.host, env: { ...outside, ...env } } };
  const project = mirror.at(target.file);
  await quietly(there, ["add", project, "package", ...words], { packages, mirror, root, folder });
  await step(there, "restore in quarantine", restoreOf(project, packages), packages);
  const mirrored = projects.map((one) => inMirror(one, mirror));
  const assets = await Promise.all(mirrored.map(({ output }) => readAssets(output, dotnet.host)));
  const resolutions = assets.flatMap((one, index) =>
    one === null ? [] : [resolutionOf({ ...one, project: projects[index]?.file ?? one.project })],
  );
  return {
    resolution: joinResolutions(resolutions),
    edits: await editsIn(
      mirror,
      root,
      projects.map(({ lock }) => lock),
    ),
    lockedMode: await areAllLocked(mirrored),
    packages,
  };
}

function restoreOf(project: string, packages: string): readonly string[] {
  return ["restore", project, "-noAutoResponse", "-nologo", "-v:q", "--packages", packages, "--no-http-cache"];
}

function inMirror(project: DotnetProject, mirror: Mirror): DotnetProject {
  return {
    ...project,
    file: mirror.at(project.file),
    output: mirror.at(project.output),
    lock: mirror.at(project.lock),
  };
}

/** What dotnet says is about the mirror: it is shown where something is wrong, with the names of the real files. */
async function quietly(
  dotnet: Dotnet,
  args: readonly string[],
  { packages, mirror, root, folder }: { packages: string; mirror: Mirror; root: string; folder: string },
): Promise<void> {
  const { file, cwd, host } = dotnet;
  const log = join(folder, "add.log");
  const code = await host.run({ file, args, cwd, env: await environment(dotnet, packages), log });
  host.signal.throwIfAborted();
  if (code === 0) return;
  const said = (await readFile(log, "utf8")).replaceAll(mirror.root, root).trimEnd();
  host.notice(said);
  const refused = refusedIn(said);
  if (refused !== null) throw refused;
  throw new SafeInstallError(
    "unavailable",
    "DOTNET_FAILED",
    `dotnet could not add the package (it ended with ${code})`,
    {
      hint: "what dotnet says above is its own reason; nothing in the project was changed",
    },
  );
}
