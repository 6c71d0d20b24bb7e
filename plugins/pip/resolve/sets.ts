import { type Bounds, normalName, type NotGated, type Project, type Unbound } from "../../../src/plugin.ts";
import { layOut, type Resolved, resolveAgain } from "../handoff/again.ts";
import type { Build } from "../handoff/build.ts";
import { type FirstParty, notGatedOf } from "./first-party.ts";
import { pylockLines } from "../lock/read.ts";
import type { Members } from "../part.ts";
import type { Python } from "../python/run.ts";
import { sourceOfHashes } from "./hashes.ts";
import { sortRequirements, type SortedRequirements } from "./requirements.ts";
import { type KnownWheel, type KnownWheels, takeKnown } from "./known.ts";
import { type PipResolution, type Present, resolve, type ResolveRequest } from "./resolve.ts";
import type { PipWords } from "../words.ts";

/** What the user asks for, with what a lock adds. */
export interface RequestedSet extends SortedRequirements {
  readonly notGated: readonly NotGated[];
}

/** One dependency set: the project's own, or what the build of one first-party project needs. */
export interface DependencySet extends Resolved, PipResolution {
  readonly builds: FirstParty | null;
}

/** The same with its proven wheels. */
export interface LaidOut extends DependencySet {
  /** The private folder that holds them and nothing else. */
  readonly wheels: string;
}

/** `-r pylock.toml` is read by us, for every line of pip, as requirements with the lock's hashes. */
export async function requirementsOf(
  words: PipWords,
  bounds: Bounds,
  { folder, request }: Pick<Project, "folder" | "request">,
  python: Python,
): Promise<RequestedSet> {
  const asks = request.installs === true;
  const sorted = await sortRequirements(words, bounds.repositoryRoot, folder);
  const { lines, hashes, unbound, notGated } = await pylockLines(words.files, python);
  return {
    ...sorted,
    lines: [...sorted.lines, ...lines],
    named: [...sorted.named, ...hashes.keys()],
    hashes: new Map([...sorted.hashes, ...hashes]),
    unbound: [...sorted.unbound, ...unbound],
    notGated: [...notGatedOf(sorted.firstParty, folder, asks), ...notGated],
  };
}

/**
 * The own set first, then one for every build. None where something asked for cannot be bound.
 * @param known what need not be asked of an index where it is installed
 */
export async function resolveAll(
  asked: RequestedSet,
  args: readonly string[],
  python: Python,
  known: KnownWheels,
): Promise<readonly DependencySet[]> {
  if (asked.unbound.length > 0) return [];
  const { lines, constraints, named, siblings: folders, requireHashes } = asked;
  const own = { args, lines, constraints, named, folders, requireHashes };
  const found = (await resolveKnown(own, python, known, asked.hashes)) ?? (await resolve(own, python));
  const first = withoutSources(found, asked.hashes);
  const all: DependencySet[] = [{ ...own, ...first, builds: null }];
  for (const project of asked.firstParty) all.push(await resolveBuild(project, [], asked, args, python));
  return all;
}

/** null: nothing is known, or not what it takes. */
async function resolveKnown(
  own: ResolveRequest,
  python: Python,
  all: KnownWheels,
  hashes: SortedRequirements["hashes"],
): Promise<PipResolution | null> {
  const fits = ([name, { sha256 }]: readonly [string, KnownWheel]) =>
    own.named.includes(name) && (hashes.get(name)?.includes(`sha256:${sha256}`) ?? true);
  const known = new Map([...all].filter(fits));
  if (known.size === 0) return null;
  const wheels = Object.fromEntries([...known].map(([name, { version, filename }]) => [name, { version, filename }]));
  const found = await resolve({ ...own, known: wheels }, python);
  const isKnown = ({ name }: Present) => known.has(normalName("pypi", name));
  const taken = await takeKnown(found.present.filter(isKnown), known, python);
  if (taken === null) return null;
  const said = Object.fromEntries(taken.chosen.map(({ url, package: { name } }) => [url, known.get(name)?.said]));
  return {
    ...found,
    chosen: [...found.chosen, ...taken.chosen],
    pages: [...found.pages, ...taken.pages],
    present: found.present.filter((one) => !isKnown(one)),
    said: { ...found.said, ...said } as PipResolution["said"],
  };
}

/** @param more what the project's build backend asks for beyond what its pyproject.toml states */
export async function resolveBuild(
  project: FirstParty,
  more: readonly string[],
  { buildConstraints: constraints }: Pick<SortedRequirements, "buildConstraints">,
  args: readonly string[],
  python: Python,
): Promise<DependencySet> {
  const build = { args, lines: [...project.buildRequires, ...more], constraints, named: [], build: true };
  return { ...build, ...(await resolve(build, python)), builds: project };
}

/** What only a source distribution could be, by the hashes that the user's files state. */
function withoutSources(found: PipResolution, hashes: SortedRequirements["hashes"]): PipResolution {
  const sources = found.chosen.flatMap((one) => {
    const denial = sourceOfHashes(one, hashes.get(one.package.name) ?? [], found.pages);
    return denial === null ? [] : [{ one, denial }];
  });
  const unbound = sources.map(({ one, denial }) => ({ package: one.package, location: one.filename, denial }));
  const left = found.chosen.filter((one) => !sources.some((source) => source.one === one));
  return { ...found, chosen: left, unbound: [...found.unbound, ...unbound] };
}

export async function layOutAll(
  sets: readonly DependencySet[],
  members: Pick<Members, "obtained">,
  python: Python,
): Promise<readonly LaidOut[]> {
  const laid = sets.map(async (one) => ({ ...one, wheels: await layOut(one.chosen, members.obtained, python) }));
  return Promise.all(laid);
}

/** What the index said otherwise than the proven wheels themselves. */
export async function resolvedAgain(sets: readonly LaidOut[], python: Python): Promise<readonly Unbound[]> {
  const unbound: Unbound[] = [];
  for (const one of sets) unbound.push(...(await resolveAgain(one, one.wheels, python)));
  return unbound;
}

export function buildsIn(sets: readonly LaidOut[]): readonly Build[] {
  return sets.flatMap(({ builds: project, wheels }) => (project === null ? [] : [{ project, wheels }]));
}
