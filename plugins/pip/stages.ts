import {
  type Bounds,
  type Host,
  type Part,
  type Place,
  type Proven,
  SafeInstallError,
  type Stages,
} from "../../src/plugin.ts";
import { openKnownPlaces } from "./evidence/known-places.ts";
import { pipHandoff, wheelsOf } from "./handoff/handoff.ts";
import type { PipProject } from "./locate.ts";
import { checkLock } from "./lock/stages.ts";
import { nothing, openMembers } from "./part.ts";
import { planFor, standingIn, unfitIn } from "./handoff/plan.ts";
import type { Python } from "./python/run.ts";
import { openPipSession } from "./session.ts";
import { buildsIn, type DependencySet, layOutAll, requirementsOf, resolveAll, resolvedAgain } from "./resolve/sets.ts";
import { askWords, type PipOptions, refuseOptions } from "./words.ts";

export function stages(project: PipProject, bounds: Bounds, host: Host): Stages {
  return project.request.purpose === "check" ? checkLock(project, bounds, host) : install(project, bounds, host);
}

/**
 * `pip install`: pip resolves without running anybody's code; what it chose is fetched, proven, and resolved once more
 * from the proven bytes.
 */
async function* install(project: PipProject, bounds: Bounds, host: Host): Stages {
  const { args } = project.request;
  const python = await startPython(project, bounds, host);
  const words = await askWords(python, args);
  refuseOptions(words);
  await host.assertReplaceable({ root: project.root, found: [], replaces: inPlace(words.library) });
  const asked = await requirementsOf(words, bounds, project.folder, python);
  const sets = await resolveAll(asked, args, python);
  const places = {
    host,
    session: openPipSession(python, args),
    origins: originsOf(words.options),
    known: openKnownPlaces(),
  };
  const members = openMembers(sets.flatMap(located), { ...pagesOf(sets), hashes: asked.hashes, places });
  const part = { ...members.part, unbound: [...asked.unbound, ...unboundIn(sets)], notGated: asked.notGated };
  requireAll(part, yield part);
  const laid = await layOutAll(sets, members, python);
  const [own, ...builds] = laid;
  if (own === undefined) throw notProven();
  const ready = own.chosen.map(members.ready);
  const around = { options: words.options, environment: project.root, python };
  const plan = await planFor(wheelsOf(ready, own.wheels), [], around);
  const unbound = [...(await resolvedAgain(laid, python)), ...unfitIn(plan)];
  if (unbound.length > 0) {
    yield nothing(unbound);
    throw notProven();
  }
  const standing = standingIn(plan);
  if (standing.length > 0) yield nothing([], standing);
  return pipHandoff({ ...around, ready, wheels: own.wheels, builds: buildsIn(builds), plan });
}

/** Other files of it are somebody else's. */
function inPlace(folder: string | null): readonly Place[] {
  return folder === null ? [] : [{ path: folder, touches: [] }];
}

async function startPython(project: PipProject, { repositoryRoot }: Bounds, host: Host): Promise<Python> {
  const { python: file, request } = project;
  return { file, cwd: request.cwd, project: repositoryRoot, folder: await host.temporary("pip"), host };
}

function located({ chosen, builds }: DependencySet) {
  return chosen.map((one) => ({ ...one, location: builds === null ? one.filename : `build of ${builds.name}` }));
}

function pagesOf(sets: readonly DependencySet[]) {
  return { pages: sets.flatMap(({ pages }) => pages) };
}

function unboundIn(sets: readonly DependencySet[]) {
  return sets.flatMap(({ unbound }) => unbound);
}

function originsOf({ index_url: index, extra_index_urls: extra, no_index: none }: PipOptions): ReadonlySet<string> {
  const urls = none ? [] : [index, ...extra];
  return new Set(urls.flatMap((url) => (url !== null && URL.canParse(url) ? [new URL(url).origin] : [])));
}

/** Whatever asks, no set is handed off of which anything is missing. */
function requireAll({ artifacts, unbound }: Part, proven: readonly Proven[]): void {
  const admitted = new Set(proven.map(({ artifact }) => artifact));
  if (unbound.length > 0 || artifacts.some((one) => !admitted.has(one))) throw notProven();
}

function notProven(): SafeInstallError {
  return new SafeInstallError("unbound", "NOT_OBTAINED", "what is not proven is never installed");
}
