import { wayTo } from "../io/inside.ts";
import { SafeInstallError } from "../errors.ts";
import { loadLayers, type LoadedPolicy } from "../io/policy-file.ts";
import { withPathOutside } from "../io/program.ts";
import { loadAt, openRevision } from "../io/revision.ts";
import { inRepository, inSnapshot, type Snapshot } from "../io/snapshot.ts";
import { loadTrustRoot } from "../io/trust.ts";
import { formatDigest } from "../model/digest.ts";
import type { Artifact, Context, Host, Plugin, Request, Session } from "../plugin.ts";
import { dirname, resolve } from "node:path";

export interface Comparison {
  /** The revision as it was typed. */
  readonly since: string;
  readonly plugin: Plugin;
  readonly request: Omit<Request, "context">;
  readonly context: Context;
  /** `--policy FILE`, absolute. */
  readonly policy: string | null;
  /** Where the session's files are from; absent: the working tree. */
  readonly snapshot?: Snapshot;
}

export interface Changed {
  readonly session: Session;
  /** For the report: why all of it is judged, where it is. */
  readonly notes: readonly string[];
}

/**
 * Leaves out of a session what the revision's lock already held, with the same digests and under the very same policies.
 * What no digest binds, and what cannot be bound at all, is judged always. Where the two cannot be compared, everything is.
 */
export async function onlyChanged(session: Session, comparison: Comparison, host: Host): Promise<Changed> {
  const { since, policy } = comparison;
  const folder = realOf(comparison, session.project);
  const file = policy === null ? [] : [policy];
  const before = await openRevision(folder, since, host, await relativeTo(folder, file));
  if (!(await samePolicies(before, folder, comparison)))
    return { session, notes: [`policies, or files that they name, differ from ${since}: everything is judged`] };
  const known = await lockedBefore(before, session, comparison, host);
  if (known === null) return { session, notes: [`${since} has no lock to compare with: everything is judged`] };
  const isUnchanged = (artifact: Artifact) => artifact.digests.length > 0 && known.has(fingerprint(artifact));
  const unchanged = session.artifacts.filter(isUnchanged).map(({ package: { name, version } }) => ({
    kind: "unchanged" as const,
    name: `${name}@${version}`,
    detail: since,
  }));
  const artifacts = session.artifacts.filter((artifact) => !isUnchanged(artifact));
  return { session: { ...session, artifacts, notGated: [...session.notGated, ...unchanged] }, notes: [] };
}

function realOf({ snapshot }: Comparison, path: string): string {
  return snapshot === undefined ? path : inRepository(snapshot, path);
}

async function relativeTo(folder: string, files: readonly string[]): Promise<readonly string[]> {
  const { findRepository } = await import("../project/ends.ts");
  const root = await findRepository(folder);
  return root === null ? [] : files.map((file) => wayTo(root, file));
}

/** Policies, trust roots, keys and recorded files: the same names with the same bytes. */
async function samePolicies(before: Snapshot, folder: string, { policy, snapshot }: Comparison): Promise<boolean> {
  const options = { project: folder, loadTrustRoot, ...(policy === null ? {} : { policy }) };
  const fromIndex = snapshot !== undefined && policy === null;
  const now = await (fromIndex ? loadAt(snapshot, options) : loadLayers(options));
  const then = await loadAt(before, options).catch(notComparable);
  return then !== null && filesOf(then) === filesOf(now);
}

function filesOf({ files }: LoadedPolicy): string {
  return JSON.stringify([...files].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** What the revision's lock held; null where it had none, or one that cannot be read. */
async function lockedBefore(
  before: Snapshot,
  session: Session,
  { plugin, request, context, snapshot }: Comparison,
  host: Host,
): Promise<ReadonlySet<string> | null> {
  const place = (path: string) => inSnapshot(before, snapshot === undefined ? path : inRepository(snapshot, path));
  const lockfile = session.lockfile === null ? {} : { lockfile: place(session.lockfile) };
  const cwd = session.lockfile === null ? place(session.project) : dirname(place(session.lockfile));
  // The snapshot is not where the repository is: the repository's programs are left out by name.
  const elsewhere = { ...host, env: await withPathOutside(before.root, host.env) };
  const there = async () => ({ ...context, repositoryRoot: before.folder });
  const old = await plugin.open({ ...request, ...lockfile, cwd, context: there }, elsewhere).catch(notComparable);
  if (old === null) return null;
  await old.close();
  return new Set(old.artifacts.map(fingerprint));
}

function notComparable(error: unknown): null {
  if (error instanceof SafeInstallError) return null;
  throw error;
}

function fingerprint({ package: { purl }, digests }: Artifact): string {
  return JSON.stringify([purl, ...digests.map(formatDigest).toSorted()]);
}

/** `--policy FILE` is relative to where the command was typed. */
export function policyPath(policy: string | null, cwd: string): string | null {
  return policy === null ? null : resolve(cwd, policy);
}
