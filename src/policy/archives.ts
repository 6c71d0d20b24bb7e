import type { ArchivePlace } from "../model/artifact.ts";
import type { Code, Denial } from "../model/codes.ts";
import type { LayerDecision } from "../model/decision.ts";
import type { Facts } from "../model/facts.ts";
import { hasExpired } from "./day.ts";
import type { Layer } from "./layer.ts";
import { matchRule } from "./match.ts";
import type { Ruling } from "./ruling.ts";
import type { Archive } from "./schema/index.ts";

/**
 * What one layer says of an archive that comes from no registry: its own ground, which neither a rule for the name that
 * it bears, nor an exception, a recorded digest or a mode can stand for. An inner layer speaks where it lists the archive,
 * and where it has a rule for that name: then it has to list it, too.
 */
export function speakOfArchive(
  layer: Layer,
  outermost: boolean,
  place: ArchivePlace,
  facts: Facts,
  now: Date,
): readonly LayerDecision[] {
  const listed = (layer.policy.archives ?? []).map((entry, at) => ({ entry, at }));
  const found = listed.find(({ entry }) => isAt(entry, place, layer));
  if (found === undefined && !outermost) {
    if (matchRule(layer.policy, facts.artifact.package, layer.index).kind === "none") return [];
  }
  const ruling = found === undefined ? { denials: [unlisted(layer, place, facts)] as const } : judge(found, facts, now);
  const rule = found === undefined ? null : nameOf(found);
  const about = { layer: layer.name, rule };
  return "ground" in ruling
    ? [{ ...about, outcome: "allowed", ground: ruling.ground }]
    : [{ ...about, outcome: "denied", denials: ruling.denials }];
}

/** Those that the outermost policy lists today: an inner one never loosens. */
export function archivesOf([outermost]: readonly Layer[], now: Date): readonly ListedPlace[] {
  if (outermost === undefined) return [];
  return (outermost.policy.archives ?? []).flatMap(({ url, path = "", sha512, expires }): readonly ListedPlace[] => {
    if (hasExpired(expires, now)) return [];
    if (url !== undefined) return [{ place: { url }, sha512 }];
    const own = resolved(outermost.name, path);
    return own === null ? [] : [{ place: { path: own }, sha512 }];
  });
}

interface ListedPlace {
  readonly place: ArchivePlace;
  readonly sha512: string;
}

interface Listed {
  readonly entry: Archive;
  readonly at: number;
}

/** For messages: `archives[0] https://acme.example/widget.tgz`. */
function nameOf({ entry, at }: Listed): string {
  return `archives[${at}] ${placeWords(entry)}`;
}

export function placeWords({ url, path }: Pick<Archive, "url" | "path">): string {
  return url ?? path ?? "";
}

/** Addresses letter by letter; a path is relative to its policy. */
function isAt({ url, path }: Archive, place: ArchivePlace, { name }: Layer): boolean {
  if (place.url !== undefined) return url === place.url;
  return path !== undefined && resolved(name, path) === place.path;
}

/** Relative to the repository's root, as the policy's own name is; null where it leads out. */
function resolved(policy: string, path: string): string | null {
  const parts = policy.split("/").slice(0, -1);
  for (const part of path.split("/")) {
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}

function judge(found: Listed, { digests }: Facts, now: Date): Ruling {
  const { sha512, reason, expires } = found.entry;
  const known = digests.filter(({ algorithm }) => algorithm === "sha512").map(({ hex }) => hex);
  if (!known.includes(sha512) || known.length > 1)
    return { denials: [mismatch(nameOf(found), sha512, known.join(", "))] };
  if (hasExpired(expires, now)) return { denials: [expired(nameOf(found), expires)] };
  return { ground: { kind: "archive", reason, expires } };
}

function mismatch(name: string, expected: string, found: string): Denial {
  return {
    code: "ARCHIVE_MISMATCH",
    message: `${name} has other bytes`,
    details: [{ name: "sha512", expected, found: found || "(unknown)" }],
    hint: "find out who replaced the archive before the policy's digest is changed",
  };
}

function expired(name: string, day: string): Denial {
  return {
    code: "RULE_EXPIRED",
    message: `${name} expired on ${day}`,
    details: [],
    hint: 'move "expires" after review, or take the package from a registry',
  };
}

function unlisted({ name }: Layer, place: ArchivePlace, { digests }: Facts): Denial {
  const code: Code = place.url === undefined ? "FILE_DEPENDENCY" : "REMOTE_DEPENDENCY";
  const sha512 = digests.find(({ algorithm }) => algorithm === "sha512")?.hex ?? "...";
  const entry = JSON.stringify({ ...place, sha512, reason: "...", expires: "YYYY-MM-DD" });
  return {
    code,
    message: `${place.url ?? place.path} comes from no registry that vouches for it, and ${name} does not list it`,
    details: [],
    hint: `take it from a registry, or after review add to "archives" (init --record writes it): ${entry}`,
  };
}
