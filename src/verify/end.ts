import { instancesOf } from "./anchor.ts";
import type { HeldKey } from "./held-key.ts";
import type { Thresholds, TrustRoot } from "../model/trust.ts";
import { type Authority, type Material, readTrustedRoot } from "./trusted-root.ts";

/**
 * When a trust root stops to vouch for what is signed from then on; null: it names no end. Instances that have ended
 * stand beside their successors in every old root, so that the latest of each kind counts.
 */
export function endOfRoot(root: TrustRoot): Date | null {
  const ends = instancesOf(root).map((json) => endOfInstance(readTrustedRoot(json, root.name), root.thresholds));
  return known(latest(ends));
}

/** The same for keys that succeed one another; null also where there is none. */
export function endOfKeys(keys: readonly HeldKey[]): Date | null {
  return known(latest(keys.map(({ validFor }) => validFor.end ?? NEVER)));
}

const NEVER = new Date(8_640_000_000_000_000);

/** The first of its needed parts to end: an authority, and as many kinds of logs and clocks as the thresholds ask for. */
function endOfInstance(material: Material, { tlog, sct }: Thresholds): Date {
  const parts: readonly (readonly Date[])[] = [
    material.certificateAuthorities.map(endOfAuthority),
    ...(tlog > 0 ? [material.tlogs.map(({ validFor }) => validFor.end)] : []),
    ...(tlog > 0 ? [] : [material.timestampAuthorities.map(endOfAuthority)]),
    ...(sct > 0 ? [material.ctlogs.map(({ validFor }) => validFor.end)] : []),
  ];
  return earliest(parts.filter((ends) => ends.length > 0).map(latest));
}

/** What it signs is valid no longer than every certificate of its chain. */
function endOfAuthority({ read, validFor }: Authority): Date {
  return earliest([validFor.end, ...read.map(({ notAfter }) => notAfter)]);
}

function latest(dates: readonly Date[]): Date {
  return new Date(Math.max(...dates.map(Number)));
}

function earliest(dates: readonly Date[]): Date {
  return new Date(Math.min(NEVER.getTime(), ...dates.map(Number)));
}

function known(date: Date): Date | null {
  return Number.isNaN(date.getTime()) || date.getTime() >= NEVER.getTime() ? null : date;
}
