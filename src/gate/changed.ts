import { isInside, wayTo } from "../io/inside.ts";
import { SafeInstallError } from "../errors.ts";
import type { LoadedPolicy } from "../project/policy-file.ts";
import { withPathOutside } from "../io/program.ts";
import { revisionText } from "../project/ref.ts";
import { loadAt, openRevision } from "../project/revision.ts";
import { inRepository, inSnapshot, refuseLeftOut, type Snapshot } from "../project/snapshot.ts";
import { loadTrustRoot } from "../project/trust.ts";
import { formatDigest } from "../model/digest.ts";
import type { Artifact, Bounds, Part } from "../plugin.ts";
import { type Opened, openProject } from "../project/open.ts";
import type { ClosableHost } from "../io/host.ts";
import { walk } from "./walk.ts";
import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export interface ChangedSince {
  /** The revision as it was typed. */
  readonly since: string;
  /** With the policy that judges. */
  readonly opened: Opened<Bounds & { readonly loaded: Pick<LoadedPolicy, "files"> }>;
  /** `--policy FILE`, absolute. */
  readonly policy: string | null;
  /** Where the part's files are from; absent: the working tree. */
  readonly snapshot?: Snapshot;
}

export interface Changed {
  readonly part: Part;
  /** For the report: why all of it is judged, where it is. */
  readonly notes: readonly string[];
}

/**
 * Leaves out of a part what the revision's lock already held, with the same digests and under the very same policies.
 * What no digest binds, and what cannot be bound at all, is judged always. Where the two cannot be compared, everything is.
 */
export async function onlyChanged(part: Part, comparison: ChangedSince, host: ClosableHost): Promise<Changed> {
  const { since, policy, opened } = comparison;
  const folder = realOf(comparison, opened.project.folder);
  const file = policy === null ? [] : await inItsRepository(policy, folder);
  if (file === null) return { part, notes: [`git knows no earlier version of ${policy}: everything is judged`] };
  const before = await openRevision(folder, since, host, file);
  if (!(await samePolicies(before, folder, comparison)))
    return { part, notes: [`policies, or files that they name, differ from ${since}: everything is judged`] };
  const known = await lockedBefore(before, part, comparison, host);
  if ("why" in known) return { part, notes: [`${since} ${known.why}: everything is judged`] };
  const isUnchanged = (artifact: Artifact) => artifact.digests.length > 0 && known.locked.has(fingerprint(artifact));
  const unchanged = part.artifacts.filter(isUnchanged).map(({ package: { name, version } }) => ({
    kind: "unchanged" as const,
    name: `${name}@${version}`,
    detail: since,
  }));
  const artifacts = part.artifacts.filter((artifact) => !isUnchanged(artifact));
  const notes = before.revision === null ? [] : [`compared with ${revisionText(before.revision)}`];
  return { part: { ...part, artifacts, notGated: [...part.notGated, ...unchanged] }, notes };
}

function realOf({ snapshot }: ChangedSince, path: string): string {
  return snapshot === undefined ? path : inRepository(snapshot, path);
}

/** Relative to the root; null where `--policy FILE` is outside of the repository. */
async function inItsRepository(policy: string, folder: string): Promise<readonly string[] | null> {
  const { findRepository } = await import("../project/ends.ts");
  const root = await findRepository(await realpath(folder));
  const place = join(await realpath(dirname(policy)).catch(() => dirname(policy)), basename(policy));
  return root === null || isInside(place, root) ? [wayTo(root ?? folder, place)] : null;
}

/** Policies, trust roots, keys and recorded files: those that judge, wherever they are from, and the revision's have the same names and bytes. */
async function samePolicies(before: Snapshot, folder: string, { policy, opened }: ChangedSince): Promise<boolean> {
  const options = { project: folder, loadTrustRoot, ...(policy === null ? {} : { policy }) };
  const then = await loadAt(before, options).catch(notComparable);
  return then !== null && filesOf(then) === filesOf(opened.bounds.loaded);
}

function filesOf({ files }: Pick<LoadedPolicy, "files">): string {
  return JSON.stringify([...files].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

interface NotKnown {
  /** For people, after the revision. */
  readonly why: string;
}

/** What the revision's lock held, where it had one that can be read, and whoever checked it out had that very text. */
async function lockedBefore(
  before: Snapshot,
  { lockfile }: Part,
  { opened, snapshot }: ChangedSince,
  host: ClosableHost,
): Promise<{ readonly locked: ReadonlySet<string> } | NotKnown> {
  const place = (path: string) => inSnapshot(before, snapshot === undefined ? path : inRepository(snapshot, path));
  const { request, folder } = opened.project;
  const where =
    lockfile === null ? { cwd: place(folder) } : { cwd: dirname(place(lockfile)), lockfile: place(lockfile) };
  // The snapshot is not where the repository is: the repository's programs are left out by name.
  const elsewhere = { ...host, env: await withPathOutside(before.root, host.env) };
  const bounds: Bounds = { ...opened.bounds, repositoryRoot: before.folder };
  const known = new Set<string>();
  try {
    refuseLeftOut(before, where.cwd, opened.plugin.table);
    const old = await openProject(opened.plugin, { ...request, ...where }, elsewhere, async () => bounds);
    await walk(old, elsewhere, async ({ artifacts }) => {
      for (const artifact of artifacts) known.add(fingerprint(artifact));
      return [];
    });
    return { locked: known };
  } catch (error) {
    if (!(error instanceof SafeInstallError)) throw error;
    return {
      why: error.code === "NOT_PLAIN" ? `cannot be compared (${error.message})` : "has no lock to compare with",
    };
  }
}

function notComparable(error: unknown): null {
  if (error instanceof SafeInstallError) return null;
  throw error;
}

function fingerprint({ package: { purl }, digests }: Artifact): string {
  return JSON.stringify([purl, ...digests.map(formatDigest).toSorted()]);
}
