import {
  type Bounds,
  type Host,
  type NotGated,
  type Part,
  type Place,
  type Proven,
  SafeInstallError,
  type Stages,
} from "../../src/plugin.ts";
import { openKnownPlaces } from "./evidence/known-places.ts";
import { pipHandoff, wheelsOf } from "./handoff/handoff.ts";
import { type PipProject, sayOther } from "./locate.ts";
import { checkLock } from "./lock/stages.ts";
import { type Members, nothing, openMembers } from "./part.ts";
import type { EvidencePlaces } from "./evidence/index.ts";
import { askBackend } from "./handoff/asked.ts";
import { besideIn, type InstallPlan, planFor, standingIn, unfitIn } from "./handoff/plan.ts";
import { openPython, type Python } from "./python/run.ts";
import { keepKnown, knownOf, knownWheels } from "./resolve/known.ts";
import { passedOver } from "./resolve/sources.ts";
import { sameWords } from "./resolve/said.ts";
import type { Chosen } from "./report.ts";
import { openPipSession } from "./session.ts";
import {
  type RequestedSet,
  buildsIn,
  type DependencySet,
  type LaidOut,
  layOutAll,
  requirementsOf,
  resolveAll,
  resolveBuild,
  resolvedAgain,
} from "./resolve/sets.ts";
import { asConfigured } from "./network.ts";
import { askWords, assertAsks, assertMeant, type PipOptions, refuseOptions } from "./words.ts";

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
  assertAsks(words);
  assertMeant(words, project.request);
  if (project.request.program === undefined) host.notice(`safe-install: pip installs into ${words.prefix}`);
  await sayOther(words.prefix, project.request, host);
  await host.assertReplaceable({ root: project.root, found: [], replaces: inPlace(words.library) });
  const asked = await requirementsOf(words, bounds, project, python);
  const places = {
    host: await asConfigured(host, words.options),
    session: openPipSession(python, args),
    origins: originsOf(words.options),
    known: openKnownPlaces(),
  };
  const known = await knownWheels(project.root, places.origins, python);
  const sets = await resolveAll(asked, args, python, known);
  const members = openMembers(sets.flatMap(located), { ...pagesOf(sets), hashes: asked.hashes, places });
  const part = {
    ...members.part,
    unbound: [...asked.unbound, ...unboundIn(sets)],
    notGated: [...asked.notGated, ...presentIn(sets), ...passedOverIn(sets, asked)],
  };
  requireAll(part, yield part);
  const laid = await layOutAll(sets, members, python);
  const [own, ...builds] = laid;
  if (own === undefined) throw notProven();
  const ready = own.chosen.map(members.ready);
  const around = { options: words.options, environment: project.root, requested: asked.named, python };
  const plan = await planFor(wheelsOf(ready, own.wheels), [], around);
  const open = laid.filter((one) => one !== own || !saidTheSame(own, plan));
  const unbound = [...(await resolvedAgain(open, python)), ...unfitIn(plan)];
  if (unbound.length > 0) {
    yield nothing(unbound);
    throw notProven();
  }
  const standing = [...standingIn(plan), ...besideIn(plan)];
  if (standing.length > 0) yield nothing([], standing);
  const provided = yield* provideAsked(builds, members, { project, asked, places, options: words.options, python });
  const sha256Of = (one: Chosen) => members.ready(one).sha256;
  const saidOf = ({ package: { name } }: Chosen) => plan.metadata[name] ?? null;
  const keep = () =>
    keepKnown(project.root, new Map([...known, ...knownOf(own.chosen, own.pages, sha256Of, saidOf)]), python);
  return pipHandoff({ ...around, ready, wheels: own.wheels, builds: buildsIn(provided), plan, keep });
}

/** pip chose by what the proven wheels say themselves: from them it would choose the same. */
function saidTheSame({ chosen, said }: LaidOut, { metadata }: InstallPlan): boolean {
  return chosen.every(({ url, package: { name } }) => sameWords(said[url], metadata[name]));
}

interface BackendPlaces {
  readonly project: PipProject;
  readonly asked: RequestedSet;
  readonly places: EvidencePlaces;
  readonly options: PipOptions;
  readonly python: Python;
}

/**
 * Build backends may ask for more than is stated. Asking runs the project's code: everything else is decided by then, and
 * what they ask for is resolved and proven like all the rest. Who only looks never asks.
 */
async function* provideAsked(
  builds: readonly LaidOut[],
  members: Members,
  { project, asked, places, options, python }: BackendPlaces,
): AsyncGenerator<Part, readonly LaidOut[], readonly Proven[]> {
  const { args, installs } = project.request;
  const more: DependencySet[] = [];
  for (const build of installs === true ? buildsIn(builds) : []) {
    if (!build.project.mayAsk) continue;
    const wanted = await askBackend(build, options, python);
    if (wanted.length > 0) more.push(await resolveBuild(build.project, wanted, asked, args, python));
  }
  if (more.length === 0) return builds;
  const others = openMembers(
    more.flatMap(located).filter((one) => !members.has(one)),
    { ...pagesOf(more), hashes: new Map(), places },
  );
  const part = { ...others.part, unbound: unboundIn(more) };
  requireAll(part, yield part);
  const obtained: Members["obtained"] = (one) => (members.has(one) ? members : others).obtained(one);
  const laid = await layOutAll(more, { obtained }, python);
  const unbound = await resolvedAgain(laid, python);
  if (unbound.length > 0) {
    yield nothing(unbound);
    throw notProven();
  }
  return builds.map((one) => laid.find((other) => other.builds === one.builds) ?? one);
}

/** Other files of it are somebody else's. */
function inPlace(folder: string | null): readonly Place[] {
  return folder === null ? [] : [{ path: folder, touches: [] }];
}

async function startPython(project: PipProject, { repositoryRoot }: Bounds, host: Host): Promise<Python> {
  const { python: file, request } = project;
  return openPython({ file, cwd: request.cwd, project: repositoryRoot, folder: await host.temporary("pip"), host });
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

function presentIn(sets: readonly DependencySet[]): readonly NotGated[] {
  const detail = "it is installed, it fits, and it was not named; name it to have it judged";
  const present = sets.flatMap((one) => one.present);
  return present.map(({ name, version }) => ({ kind: "on-disk", name: `${name}@${version}`, detail }));
}

/** Of what the user asked for: what builds need is nobody's choice. */
function passedOverIn(
  sets: readonly DependencySet[],
  { lines, constraints }: Pick<RequestedSet, "lines" | "constraints">,
): readonly NotGated[] {
  const [own] = sets;
  if (own === undefined) return [];
  return passedOver(own.chosen, own.pages, [...lines, ...constraints], Object.values(own.said));
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
