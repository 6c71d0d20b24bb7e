import type { PackageRef } from "../../model/package.ts";
import type { Layer } from "../../policy/layer.ts";
import { normalName, packageKey } from "../../ecosystems/names.ts";
import { parsePurl } from "../../ecosystems/purl.ts";
import type { Archive, Policy, Rule, Signer } from "../../policy/schema/index.ts";
import { type Need, settleRules } from "./rules.ts";
import { segmentsOf } from "./segments.ts";
import { compareText, type Sighting } from "./sighting.ts";
import { isSigned, nameSigners } from "./signers.ts";
import { isInPassing, type Standing } from "./standing.ts";

/** What a policy would become. */
export interface Plan {
  readonly policy: Policy;
  /** The recorded file's packages, by purl, in order; the same map where nothing changes. */
  readonly recorded: RecordedPackages;
  /** Signers that are new, by name. */
  readonly added: ReadonlyMap<string, Signer>;
  /** What the plan is about: each is let in by it, unless an inner policy or another key of its rule denies. */
  readonly pinned: readonly Pinned[];
}

export type RecordedPackages = ReadonlyMap<string, readonly string[]>;

export interface Pinned {
  readonly standing: Standing;
  /** Who signs it: a pipeline, or a registry (see `isRegistry`). null: its digests are recorded, or it is listed as an archive. */
  readonly signer: string | null;
}

export interface Base {
  /** Without rules and signers where there is no policy yet. */
  readonly policy: Policy;
  /** The layer of that policy; null where there is none yet. */
  readonly layer: Layer | null;
  readonly recorded: RecordedPackages;
  /** What to write where recorded digests are needed for the first time. */
  readonly record: NonNullable<Policy["recorded"]>;
  /** Archives that come from no registry are listed in passing, too. */
  readonly lists?: boolean;
  /** A path that is relative to the repository's root, relative to the policy's folder; absent: they are one. */
  readonly beside?: (path: string) => string;
}

/**
 * The policy with every package that may be pinned in passing, and those that were `named`, whatever they lost or changed.
 * What does not hold and what could not be found out is never pinned.
 */
export function plan(
  standings: readonly Standing[],
  base: Base,
  named: ReadonlySet<string> | null,
  isPassing: (one: Standing) => boolean = isInPassing,
): Plan {
  const isListed = ({ sighting }: Standing) => named !== null || base.lists === true || !isArchive(sighting);
  const pinning = standings.filter((one) => isPinned(one, named, isPassing) && isListed(one));
  const names = nameSigners(pinning.map(({ sighting }) => sighting).filter(isSigned), base.layer);
  const pinned = pinning.map((standing) => ({
    standing,
    signer: names.names.get(standing.sighting.package.purl) ?? null,
  }));
  const registered = pinned.filter(({ standing }) => !isArchive(standing.sighting));
  const archives = archivesAfter(base, pinned);
  const recorded = record(base.recorded, registered);
  const known = { ...base.policy.signers, ...Object.fromEntries(names.added) };
  const rules = settleRules({ ...base.policy, signers: known }, packagesOf(registered, standings));
  const { signers: _, ...rest } = base.policy;
  const signers = signersAfter(base.policy, rules, names.added);
  const policy: Policy = {
    ...rest,
    ...(Object.keys(signers).length === 0 ? {} : { signers }),
    ...(rules.length === 0 ? {} : { rules: [...rules] }),
    ...(archives.length === 0 ? {} : { archives: [...archives] }),
    ...(recorded.size > 0 && base.policy.recorded === undefined ? { recorded: base.record } : {}),
  };
  return { policy, recorded, added: names.added, pinned };
}

/** Lies at an address or a path: its name is nobody's word, and nothing is recorded for it. */
export function isArchive({ facts }: Sighting): boolean {
  return facts.artifact.archive !== undefined;
}

/** With the new ones, each by its exact place and digest. What is listed already stays: other bytes are never pinned. */
function archivesAfter(
  { policy, beside = (path) => path, record: { reason, expires } }: Base,
  pinned: readonly Pinned[],
): readonly Archive[] {
  const fresh = pinned.flatMap(({ standing: { sighting } }) => {
    const { archive, digests } = sighting.facts.artifact;
    const sha512 = digests.find(({ algorithm }) => algorithm === "sha512")?.hex;
    if (archive === undefined || sha512 === undefined) return [];
    const place = archive.url === undefined ? { path: beside(archive.path) } : { url: archive.url };
    return [{ ...place, sha512, reason, expires }];
  });
  return [...(policy.archives ?? []), ...fresh];
}

/** With the new ones, and without those that the change leaves without a rule. */
function signersAfter(
  before: Policy,
  rules: readonly Rule[],
  added: ReadonlyMap<string, Signer>,
): NonNullable<Policy["signers"]> {
  const namedBy = (all: readonly Rule[] = []) =>
    new Set(all.flatMap(({ signedBy = [], baseline = [] }) => [...signedBy, ...baseline]));
  const [old, fresh] = [namedBy(before.rules), namedBy(rules)];
  const revoked = new Set((before.revoked ?? []).map(({ signer }) => signer));
  const kept = Object.entries(before.signers ?? {}).filter(
    ([name]) => fresh.has(name) || revoked.has(name) || !old.has(name),
  );
  return Object.fromEntries([...kept, ...added]);
}

const NEVER: readonly Standing["status"][] = ["held", "broken", "unknown"];

function isPinned(one: Standing, named: ReadonlySet<string> | null, isPassing: (one: Standing) => boolean): boolean {
  if (named === null) return isPassing(one);
  return named.has(one.sighting.package.purl) && !NEVER.includes(one.status);
}

function packagesOf(pinned: readonly Pinned[], standings: readonly Standing[]): readonly Need[] {
  const signers = new Map(pinned.map(({ standing, signer }) => [standing, signer]));
  const byName = new Map<string, Standing[]>();
  for (const standing of standings) {
    if (isArchive(standing.sighting) || (!signers.has(standing) && standing.status !== "held")) continue;
    const key = nameKey(standing.sighting.package);
    byName.set(key, [...(byName.get(key) ?? []), standing]);
  }
  return [...byName.values()].flatMap((all) => {
    const first = all.find((one) => signers.has(one));
    if (first === undefined) return [];
    const grounds = all.map((one) => ({
      version: one.sighting.package.version,
      signer: signers.get(one) ?? one.heldBy,
    }));
    const { ecosystem, name } = first.sighting.package;
    return [{ package: { ecosystem, name }, segments: segmentsOf(ecosystem, grounds) }];
  });
}

/** With what is newly recorded, and without what a signer vouches for from now on. A version keeps the spelling that is there. */
function record(before: RecordedPackages, pinned: readonly Pinned[]): RecordedPackages {
  const after = new Map(before);
  const spelled = new Map([...before.keys()].map((purl) => [keyOf(purl), purl]));
  for (const { standing, signer } of pinned) {
    const { package: ref, digests } = standing.sighting;
    const key = packageKey(ref.ecosystem, ref.name, ref.version);
    const purl = spelled.get(key) ?? ref.purl;
    spelled.set(key, purl);
    if (signer !== null) after.delete(purl);
    else after.set(purl, digests);
  }
  return new Map([...after].toSorted(([left], [right]) => compareText(left, right)));
}

function keyOf(text: string): string {
  const purl = parsePurl(text);
  return purl === null ? text : packageKey(purl.ecosystem, purl.name, purl.version ?? "");
}

export function nameKey({ ecosystem, name }: Pick<PackageRef, "ecosystem" | "name">): string {
  return `${ecosystem}:${normalName(ecosystem, name)}`;
}
