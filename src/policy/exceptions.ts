import { type Code, CODES, type Denial } from "../model/codes.ts";
import type { Decision, Ground } from "../model/decision.ts";
import { formatDigest } from "../model/digest.ts";
import { dayOf, daysUntil, hasExpired } from "./day.ts";
import type { Facts } from "../model/facts.ts";
import type { Layer } from "./layer.ts";
import { packageKey } from "../ecosystems/names.ts";
import { parsePurl } from "../ecosystems/purl.ts";
import type { Exception } from "./schema/index.ts";
import type { ExceptionFigure } from "../model/report.ts";

interface Excused {
  /** What no exception excuses, with a hint where one comes near. */
  readonly remaining: readonly Denial[];
  /** On what ground the others were excused; null: none was. */
  readonly ground: Ground | null;
}

/** Applies a layer's exceptions: they bind one version and its digests, and excuse only codes that may be excused. */
export function excuse(layer: Layer, denials: readonly Denial[], facts: Facts, now: Date): Excused {
  const mine = (layer.policy.exceptions ?? []).filter((exception) => isFor(exception, facts));
  const used = new Set<Exception>();
  const excused = new Set<Code>();
  const remaining = denials.filter(({ code }) => {
    const found = mine.find((exception) => counts(exception, code, facts, now));
    if (found === undefined) return true;
    used.add(found);
    excused.add(code);
    return false;
  });
  return {
    remaining: remaining.map((denial) => explain(denial, mine, facts, now)),
    ground: used.size === 0 ? null : groundOf([...used], [...excused]),
  };
}

function isFor(exception: Exception, { artifact }: Facts): boolean {
  const { ecosystem, name, version } = artifact.package;
  const purl = parsePurl(exception.package);
  if (purl === null || purl.version === null) return false;
  return packageKey(purl.ecosystem, purl.name, purl.version) === packageKey(ecosystem, name, version);
}

function counts(exception: Exception, code: Code, facts: Facts, now: Date): boolean {
  if (!CODES[code].excusable || !exception.excuses.includes(code)) return false;
  return !hasExpired(exception.expires, now) && hasDigest(exception, facts);
}

/** A version may have several files; each listed digest stands for one of them. */
function hasDigest(exception: Exception, { digests }: Facts): boolean {
  return digests.some((digest) => exception.digests.includes(formatDigest(digest)));
}

function explain(denial: Denial, mine: readonly Exception[], facts: Facts, now: Date): Denial {
  const near = mine.find(({ excuses }) => CODES[denial.code].excusable && excuses.includes(denial.code));
  if (near === undefined) return denial;
  const why = hasExpired(near.expires, now)
    ? `an exception for this version expired on ${near.expires}`
    : hasDigest(near, facts)
      ? null
      : "an exception for this version is for other bytes";
  return why === null ? denial : { ...denial, hint: denial.hint === undefined ? why : `${why}; ${denial.hint}` };
}

function groundOf(used: readonly Exception[], excuses: readonly Code[]): Ground {
  const reason = used.map((exception) => exception.reason).join("; ");
  const [expires = ""] = used.map((exception) => exception.expires).sort();
  return { kind: "excepted", excuses, reason, expires };
}

/** Every exception of the layers, with its age, what is left of it, and how many packages it lets in here. */
export function exceptionFigures(
  layers: readonly Layer[],
  decisions: readonly Decision[],
  now: Date,
): readonly ExceptionFigure[] {
  return layers.flatMap(({ name, policy }) =>
    (policy.exceptions ?? []).map(({ package: purl, excuses, since, expires, approvedBy }) => ({
      policy: name,
      package: purl,
      excuses: [...excuses],
      approvedBy: approvedBy ?? null,
      since: since ?? null,
      ageDays: since === undefined ? null : 0 - daysTo(since, now),
      expires,
      daysLeft: daysTo(expires, now),
      uses: decisions.filter((decision) => isExcepted(decision, name, purl)).length,
    })),
  );
}

function daysTo(day: string, now: Date): number {
  const at = dayOf(day);
  // Without the sign of zero.
  return at === null ? 0 : daysUntil(at, now) + 0;
}

function isExcepted({ artifact, layers }: Decision, layer: string, text: string): boolean {
  const { ecosystem, name, version } = artifact.package;
  const purl = parsePurl(text);
  if (purl === null || purl.version === null) return false;
  if (packageKey(purl.ecosystem, purl.name, purl.version) !== packageKey(ecosystem, name, version)) return false;
  return layers.some((one) => one.layer === layer && one.outcome === "allowed" && one.ground.kind === "excepted");
}
