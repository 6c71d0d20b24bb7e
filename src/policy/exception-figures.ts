import type { Decision } from "../model/decision.ts";
import type { ExceptionFigure } from "../model/report.ts";
import { dayOf, daysUntil } from "./day.ts";
import type { Layer } from "./layer.ts";
import { packageKey } from "./names.ts";
import { parsePurl } from "./purl.ts";

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
