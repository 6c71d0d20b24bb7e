import type { Part, Proven, Stages } from "../../src/plugin.ts";
import type { ProvenLock } from "./handoff/handoff.ts";
import type { Workplace } from "./locate.ts";
import { asIn, assertUnchanged, type NpmLock, otherLock, readLock } from "./resolve/lock.ts";
import { registriesOf } from "./origin.ts";
import { type NpmPart, packagesOf, partOf } from "./part.ts";
import { refuseProjectNpmrc } from "./settings/project-npmrc.ts";
import { resolveTree } from "./resolve/resolve.ts";
import type { Landing } from "./handoff/landing.ts";
import type { Changing } from "./task.ts";
import type { TreeEdge } from "./resolve/node.ts";
import { loadTree, type LockTree } from "./resolve/tree.ts";
import { realpath } from "node:fs/promises";

/** `npm ci`, and what changes the lock first: npm unpacks what the lock holds, as soon as all of it is proven. */
export async function* install(at: Workplace): Stages {
  refuseProjectNpmrc(at.config, at.bounds.registries);
  const set = yield* prove(at);
  if (set === null) return null;
  const { npmHandoff } = await import("./handoff/handoff.ts");
  return npmHandoff(set, at);
}

/**
 * One part: every package of the lock, which is the project's own, or the one that npm would make of it.
 * @param shown the part as a report is to have it
 * @returns what may be handed off; null for a check
 */
export async function* prove(
  at: Workplace,
  shown: (part: NpmPart) => Part = (part) => part,
): AsyncGenerator<Part, ProvenLock | null, readonly Proven[]> {
  const placed = at.task.kind === "clean" ? await ownLock(at) : await changedLock(at, at.task);
  const { lock, landing } = placed;
  const { registries, resolution, part, everywhere } = await read(placed, at);
  const proven = yield { ...shown(part), everywhere: async () => shown(await everywhere()) };
  if (at.request.purpose !== "check")
    return { lock, landing, registries, resolution, proven, packages: packagesOf(proven, part) };
  const other = at.task.kind === "clean" ? await otherLock(lock, at.host) : null;
  if (other !== null) {
    at.host.notice(`safe-install: ${other.path} differs from ${lock.path}, which this npm reads: both are judged`);
    yield shown((await read({ ...placed, lock: other, place: { ...placed.place, lock: other } }, at)).part);
  }
  return null;
}

/** What one lock has, with the way to its bytes and evidence. */
async function read({ lock, place }: PlacedLock, at: Workplace) {
  const { npm, config, bounds, host } = at;
  const tree = lock.unbound.length > 0 ? UNREAD : await loadTree(place.project, place.lock, config, npm);
  const { replaceRegistryHost } = tree;
  for (const line of notesOf(tree, at.request.purpose)) host.notice(line);
  const registries = registriesOf(config.flat, replaceRegistryHost, bounds.registries);
  // A check is for every machine, whatever a .npmrc or NODE_ENV leave out on this one.
  const everything = at.request.purpose === "check";
  const scope = { ...place, registries, omit: config.flat.omit, everything, archives: true };
  const resolution = await resolveTree(tree, scope);
  await assertUnchanged(place.lock, host);
  const means = { lock, registries, host };
  const everywhere = async () => partOf(await resolveTree(tree, { ...scope, everything: true }), means);
  return { registries, resolution, part: await partOf(resolution, means), everywhere };
}

const UNREAD: LockTree = { nodes: [], unmet: [], lacking: [], loose: [], replaceRegistryHost: "never", conflicts: [] };

const SHOWN = 5;

/** An override that is not in force is often one that was to mend something. */
function notesOf({ unmet, lacking }: LockTree, purpose: Workplace["request"]["purpose"]): readonly string[] {
  const [peers, optional] = [true, false].map((isPeer) => lacking.filter(({ type }) => (type === "peer") === isPeer));
  const lines = [...unmet.map(wordsOfUnmet), ...(peers ?? []).map(wordsOfPeer)];
  const more = lines.length > SHOWN ? [`safe-install: ... and ${lines.length - SHOWN} more of that kind`] : [];
  // Mostly those of other platforms: one line, where something is installed.
  const left = purpose === "check" ? [] : wordsOfOptional(optional ?? []);
  // A lock may name things over several lines: none of them is ours.
  return [...lines.slice(0, SHOWN), ...left, ...more].map((line) => line.replaceAll(/\s+/g, " "));
}

function wordsOfUnmet({ from, name, spec, rawSpec = spec, to }: TreeEdge): string {
  const asks = rawSpec === spec ? "asks for" : `asks for ${rawSpec}, and an override of package.json for`;
  const has = to === null ? `no ${name}` : `${name}@${String(to.version)}`;
  return `safe-install: the lock has ${has} where "${from.location}" ${asks} ${name}@${spec}; npm installs it all the same`;
}

/** Before npm says of it that it is not in the cache. */
function wordsOfPeer({ from, name, spec }: TreeEdge): string {
  return `safe-install: the lock lacks ${name}@${spec}, a peer of "${from.location}": npm looks for it and fails; ${ADDS}`;
}

function wordsOfOptional([first, ...others]: readonly TreeEdge[]): readonly string[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  const which = `${first.name}@${first.spec}, an optional package of "${first.from.location}"${more}`;
  return [`safe-install: the lock lacks ${which}: not installed; ${ADDS}`];
}

const ADDS = "npm install --package-lock-only --ignore-scripts adds what is missing";

/** What is judged. */
interface PlacedLock {
  /** As it lies in the project, or will. */
  readonly lock: NpmLock;
  /** Where it is read. Absolute, links resolved. */
  readonly place: { readonly project: string; readonly repositoryRoot: string; readonly lock: NpmLock };
  readonly landing: Landing | null;
}

async function ownLock({ request, folder, npm, bounds: { repositoryRoot }, host }: Workplace): Promise<PlacedLock> {
  const lock = await readLock(folder, request.lockfile, npm, host);
  return { lock, place: { project: await realpath(folder), repositoryRoot, lock }, landing: null };
}

/** What makes a lock is loaded for a command that changes one. */
async function changedLock(at: Workplace, task: Changing): Promise<PlacedLock> {
  const { stage } = await import("./resolve/stage/stage.ts");
  const { isUnsaved } = await import("./resolve/stage/staging.ts");
  const { landingOf } = await import("./handoff/landing.ts");
  const { folder, cwd, npm, config, bounds, host } = at;
  const { repositoryRoot } = bounds;
  const origin = { repositoryRoot, project: await realpath(folder), cwd: await realpath(cwd) };
  const { registries: admitted, archives = [] } = bounds;
  const staged = await stage({ origin, task, npm, config, admitted, archives, host });
  const lock = await readLock(staged.project, undefined, npm, host);
  const landing = landingOf(folder, staged.files, isUnsaved(task, config), host);
  return { lock: asIn(folder, lock), place: { ...staged, lock }, landing };
}
