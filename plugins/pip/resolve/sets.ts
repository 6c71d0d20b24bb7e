import type { Bounds, NotGated, Project, Unbound } from "../../../src/plugin.ts";
import { layOut, type Resolved, resolveAgain } from "../handoff/again.ts";
import type { Build } from "../handoff/build.ts";
import { type FirstParty, notGatedOf } from "./first-party.ts";
import { pylockLines } from "../lock/read.ts";
import type { Members } from "../part.ts";
import type { Python } from "../python/run.ts";
import { sourceOfHashes } from "./hashes.ts";
import { sortRequirements, type SortedRequirements } from "./requirements.ts";
import { type PipResolution, resolve } from "./resolve.ts";
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

/** The own set first, then one for every build. None where something asked for cannot be bound. */
export async function resolveAll(
  asked: RequestedSet,
  args: readonly string[],
  python: Python,
): Promise<readonly DependencySet[]> {
  if (asked.unbound.length > 0) return [];
  const { lines, constraints, named, siblings: folders, requireHashes } = asked;
  const own = { args, lines, constraints, named, folders, requireHashes };
  const first = withoutSources(await resolve(own, python), asked.hashes);
  const all: DependencySet[] = [{ ...own, ...first, builds: null }];
  for (const project of asked.firstParty) all.push(await resolveBuild(project, [], asked, args, python));
  return all;
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
