import type { Evidence } from "../model/evidence.ts";
import type { Host } from "../plugin.ts";

/** One question to one source, and how its answer reads. */
interface Query {
  readonly key: string;
  /** Passes by what an earlier run was told. */
  readonly fresh: boolean;
  readonly read: (answer: Buffer) => readonly Evidence[];
}

/**
 * What an earlier run was told, marked as such. Only what would be kept today counts: an answer without bundles, or one
 * that does not read, was put there by somebody else and says nothing.
 * @returns null where there is none
 */
export async function keptAnswer({ key, fresh, read }: Query, host: Host): Promise<readonly Evidence[] | null> {
  const answer = fresh ? null : await host.cache.get(key);
  const evidence = answer === null ? [] : readOrNothing(answer, read);
  return isWorthKeeping(evidence) ? evidence.map((one) => ({ ...one, cached: true })) : null;
}

function readOrNothing(answer: Buffer, read: Query["read"]): readonly Evidence[] {
  try {
    return read(answer);
  } catch {
    return [];
  }
}

/** Reads an answer, and keeps it for the next run where it may count then. @throws SourceUnavailable as `read` does */
export async function readAndKeep(answer: Buffer, { key, read }: Query, host: Host): Promise<readonly Evidence[]> {
  const evidence = read(answer);
  if (isWorthKeeping(evidence)) await host.cache.put(key, answer);
  return evidence;
}

/** An answer without bundles, or with something that is none, may be another one tomorrow. */
function isWorthKeeping(evidence: readonly Evidence[]): boolean {
  return evidence.length > 0 && evidence.every((one) => "bundle" in one || "notary" in one);
}
