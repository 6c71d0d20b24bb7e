import type { Artifact, Bytes } from "../model/artifact.ts";
import type { Decision, Ground } from "../model/decision.ts";
import type { Digest, DigestAlgorithm } from "../model/digest.ts";
import { createHash } from "node:crypto";

/** Whether one of the algorithms is in none of the digests. */
export function lacks(digests: readonly Digest[], algorithms: readonly DigestAlgorithm[]): boolean {
  return algorithms.some((one) => !digests.some(({ algorithm }) => algorithm === one));
}

/** The bytes, with their digests in these algorithms too. */
export async function hashedIn(algorithms: readonly DigestAlgorithm[], bytes: Bytes): Promise<Bytes> {
  if (!lacks(bytes.digests, algorithms)) return bytes;
  const missing = algorithms.filter((one) => lacks(bytes.digests, [one]));
  const content = await bytes.read();
  return {
    ...bytes,
    digests: [
      ...bytes.digests,
      ...missing.map((algorithm) => ({ algorithm, hex: createHash(algorithm).update(content).digest("hex") })),
    ],
  };
}

/** What the bytes hash to where they were fetched, else what the lock states. */
export async function digestsOf(artifact: Artifact, bytes: Lazy<Bytes>): Promise<readonly Digest[]> {
  if (!bytes.started()) return artifact.digests;
  return bytes.get().then(
    ({ digests }) => digests,
    () => artifact.digests,
  );
}

/** The same of their other forms. */
export async function otherDigestsOf(bytes: Lazy<Bytes>): Promise<readonly Digest[]> {
  if (!bytes.started()) return [];
  return bytes.get().then(
    ({ forms = [] }) => forms.flatMap(({ digests }) => digests),
    () => [],
  );
}

/** Whether they are here and came from an earlier run, on nobody's word but the address's. */
export async function areKept(bytes: Lazy<Bytes>): Promise<boolean> {
  if (!bytes.started()) return false;
  return bytes.get().then(
    ({ isKept = false }) => isKept,
    () => false,
  );
}

/** Whether something that lets it in names these very bytes: a signature does, and a digest in a file of the project's. */
export function isAboutBytes({ outcome, layers }: Decision): boolean {
  return outcome === "allowed" && layers.some((one) => one.outcome === "allowed" && BINDS.has(one.ground.kind));
}

const BINDS: ReadonlySet<Ground["kind"]> = new Set(["signed", "baseline", "recorded", "archive"] as const);

/** Something that is made once, when it is first asked for. */
export interface Lazy<T> {
  get(): Promise<T>;
  started(): boolean;
}

export function lazily<T>(make: () => Promise<T>): Lazy<T> {
  let made: Promise<T> | undefined;
  return { get: () => (made ??= make()), started: () => made !== undefined };
}
