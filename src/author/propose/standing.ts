import type { Code, Denial } from "../../model/codes.ts";
import { CODES } from "../../model/codes.ts";
import { decide } from "../../policy/decide.ts";
import { type Layer } from "../../policy/layer.ts";
import { matchRule } from "../../policy/match.ts";
import { builtFrom, comesFrom, type EarlierVersion, recordedBefore } from "./origin.ts";
import type { Sighting } from "./sighting.ts";

/** How a package of the lock stands to the policy that is there. */
export type Status =
  /** Let in by what the policy says. */
  | "held"
  /** No rule, no record: not known at all. */
  | "new"
  /** Another version of it is recorded, this one is not. */
  | "version"
  /** The same, signed by a pipeline of which no recorded version says that it comes from there. */
  | "moved"
  /** Let in as recorded or published bytes, and by now somebody proves who made it. */
  | "gained"
  /** Signed, but not by whom the policy expects. */
  | "changed"
  /** The policy asks for a signature and there is none. */
  | "lost"
  /** Denied for another reason: age, number of signers, a version that no rule covers, an expiry, an inner policy. */
  | "refused"
  | "broken"
  | "unknown";

export interface Standing {
  readonly sighting: Sighting;
  readonly status: Status;
  /** Why it is not let in; empty where it is. */
  readonly denials: readonly Denial[];
  /** The policy's signer that lets it in; null: none does. */
  readonly heldBy: string | null;
  /** The inner policies that deny what the outermost, which alone is written, lets in. */
  readonly deniedBy?: readonly string[];
  /** The recorded versions that a signed one was compared with. */
  readonly earlier?: readonly EarlierVersion[];
}

/** What may be written without being asked for by name: it takes nothing back that the policy says. */
export function isInPassing({ status }: Standing): boolean {
  return status === "new" || status === "version" || status === "gained";
}

/** Of those, what an installation cannot do without. */
export function isNeeded({ status }: Standing): boolean {
  return status === "new" || status === "version";
}

/** Of those, what trusts nobody new, a registry neither: another version of a recorded name, by its digest. */
export function isKnown({ status, sighting }: Standing): boolean {
  return status === "version" && sighting.found.kind === "nothing";
}

/** @param known what recorded versions say of where they come from, by the purl of the one that is looked at */
export function standingOf(
  sighting: Sighting,
  layers: readonly Layer[],
  now: Date,
  known: ReadonlyMap<string, readonly EarlierVersion[]> = new Map(),
): Standing {
  const standing = standingBy(sighting, layers, now);
  if (standing.status !== "version" || sighting.found.kind !== "pipeline") return standing;
  const earlier = known.get(sighting.package.purl) ?? [];
  return { ...standing, earlier, status: comesFrom(builtFrom(sighting), earlier) ? "version" : "moved" };
}

function standingBy(sighting: Sighting, layers: readonly Layer[], now: Date): Standing {
  const { found } = sighting;
  const [outermost] = layers;
  if (found.kind === "broken") return { sighting, status: "broken", denials: [], heldBy: null };
  if (outermost === undefined) {
    return { sighting, status: found.kind === "unknown" ? "unknown" : "new", denials: [], heldBy: null };
  }
  const decision = decide(layers, sighting.facts, now);
  const ground = decision.layers[0]?.outcome === "allowed" ? decision.layers[0].ground : null;
  const heldBy = ground?.kind === "signed" || ground?.kind === "baseline" ? (ground.signers[0] ?? null) : null;
  const inner = decision.layers.slice(1).filter(({ outcome }) => outcome !== "allowed");
  const isInner = inner.length > 0 && decision.layers[0]?.outcome === "allowed";
  const status =
    decision.outcome === "allowed"
      ? heldStatus(sighting, ground?.kind)
      : deniedStatus(sighting, outermost, decision.denials, isInner);
  const deniedBy = isInner ? { deniedBy: inner.map(({ layer }) => layer) } : {};
  return { sighting, status, denials: decision.denials, heldBy, ...deniedBy };
}

function heldStatus({ found }: Sighting, ground: string | undefined): Status {
  const isWeaker = ground === "recorded" || ground === "baseline";
  return isWeaker && found.kind === "pipeline" ? "gained" : "held";
}

function deniedStatus(sighting: Sighting, layer: Layer, denials: readonly Denial[], isInner: boolean): Status {
  const codes = denials.map(({ code }) => code);
  if (!isInner && codes.every((code) => UNLISTED.includes(code))) return "new";
  if (codes.some((code) => CODES[code].exit === 66)) return "broken";
  if (codes.some((code) => CODES[code].exit === 69)) return "unknown";
  if (isInner) return "refused";
  if (
    codes.every((code) => code === "NO_RULE") &&
    matchRule(layer.policy, sighting.package, layer.index).kind === "none"
  ) {
    return sighting.found.kind === "unknown" ? "unknown" : "new";
  }
  if (codes.every((code) => code === "NOT_RECORDED")) {
    if (sighting.found.kind === "unknown") return "unknown";
    return recordedBefore(sighting.package, layer).length > 0 ? "version" : "new";
  }
  return BY_CODE.find(([code]) => codes.includes(code))?.[1] ?? "refused";
}

/** An archive that no policy lists yet. */
const UNLISTED: readonly Code[] = ["FILE_DEPENDENCY", "REMOTE_DEPENDENCY"];

const BY_CODE: readonly (readonly [Code, Status])[] = [
  ["UNTRUSTED_SIGNER", "changed"],
  ["PROVENANCE_MISMATCH", "changed"],
  ["NO_EVIDENCE", "lost"],
];
