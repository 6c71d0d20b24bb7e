import { type Draft, left } from "../draft.ts";
import { isArchive } from "../propose/plan.ts";
import { builtFrom, originWords } from "../propose/origin.ts";
import type { Standing, Status } from "../propose/standing.ts";
import { label } from "../../model/package.ts";
import { few, type Paint, plural, printable, wrap } from "../../report/text.ts";
import { pinCommand } from "./change.ts";

/** What stays outside, as exactly what it is; a place that does not answer is said once. */
export function leftOpen(draft: Draft, paint: Paint, columns: number): string[] {
  const standings = left(draft);
  const { unbound } = draft.survey;
  if (standings.length + unbound.length === 0) return [];
  const [silent, others] = silentPlaces(standings);
  return [
    "",
    `Not pinned (${standings.length + unbound.length}):`,
    ...[...silent].flatMap(([said, names]) => [
      `  ${paint("red", "✗")} ${paint("bold", plural(names.length, "package"))}  unavailable`,
      `      ${wrap(printable(said), columns, "      ")}`,
      `      ${paint("dim", wrap(few(names, 5), columns, "      "))}`,
    ]),
    ...others.flatMap((one) => block(one, draft, paint, columns)),
    ...unbound.flatMap(({ package: ref, location, denial }) => [
      `  ${paint("red", "✗")} ${paint("bold", printable(ref === null ? location : label(ref)))}  cannot be bound  ${denial.code}`,
      `      ${wrap(printable(denial.message), columns, "      ")}`,
    ]),
  ];
}

/** What a package is to a policy that was there before, and to no policy yet. */
export const STATUS_WORDS: Readonly<Record<Exclude<Status, "held">, string>> = {
  gained: "gained evidence",
  new: "new",
  version: "new version",
  moved: "new version, signed from elsewhere",
  changed: "changed",
  lost: "lost",
  refused: "refused",
  broken: "does not hold",
  unknown: "unavailable",
};

/** Why nothing could be found out, for the line that says that nothing was written: each reason once. */
export function silence(draft: Draft): string {
  const [silent, others] = silentPlaces(left(draft), 1);
  const said = [...silent.keys(), ...others.flatMap(({ sighting, denials }) => reasons(sighting, denials))];
  const bound = draft.survey.unbound.map(({ location, denial }) => `${location}: ${denial.message}`);
  return few([...new Set([...said, ...bound])], 2);
}

/** Packages of a place that gave no answer, by place and reason, where they are more than a few; and all others. */
function silentPlaces(
  standings: readonly Standing[],
  most = 3,
): readonly [ReadonlyMap<string, readonly string[]>, readonly Standing[]] {
  const groups = new Map<string, Standing[]>();
  for (const one of standings) {
    const said = silentPlace(one);
    if (said !== null) groups.set(said, [...(groups.get(said) ?? []), one]);
  }
  const many = [...groups].filter(([, members]) => members.length >= most);
  const grouped = new Set(many.flatMap(([, members]) => members));
  const names = new Map(many.map(([said, members]) => [said, members.map(({ sighting }) => label(sighting.package))]));
  return [names, standings.filter((one) => !grouped.has(one))];
}

function silentPlace({ sighting: { found }, status }: Standing): string | null {
  if (status !== "unknown" || found.kind !== "unknown" || !URL.canParse(found.location)) return null;
  const { origin, protocol } = new URL(found.location);
  return protocol === "http:" || protocol === "https:" ? `${origin}: ${found.reason}` : null;
}

function block(
  { sighting, status, denials, deniedBy = [], earlier = [] }: Standing,
  { typed }: Draft,
  paint: Paint,
  columns: number,
): string[] {
  const name = label(sighting.package);
  const moved = status === "moved" ? [originOf(sighting, earlier)] : [];
  const word = status === "held" ? "" : STATUS_WORDS[status];
  return [
    `  ${paint("red", "✗")} ${paint("bold", printable(name))}  ${word}${denials[0] === undefined ? "" : `  ${denials[0].code}`}`,
    ...[...reasons(sighting, denials), ...moved].map((text) => `      ${wrap(printable(text), columns, "      ")}`),
    ...(deniedBy.length === 0
      ? []
      : [`      denied by ${deniedBy.map(printable).join(", ")}, which is yours to change`]),
    ...(status === "changed" || status === "lost" || status === "moved" || isArchive(sighting)
      ? [`      ${paint("dim", `if that is meant: ${pinCommand([sighting.package.name], typed)}`)}`]
      : []),
  ];
}

function originOf(sighting: Standing["sighting"], earlier: NonNullable<Standing["earlier"]>): string {
  const versions = earlier.map(({ version }) => version).join(", ") || "no earlier version";
  return `${builtFrom(sighting) ?? "somebody"} signs it, and ${versions}, which is recorded, ${originWords(earlier)}`;
}

function reasons({ found }: Standing["sighting"], denials: Standing["denials"]): string[] {
  const compared = denials.flatMap(({ message, details }) => [
    message,
    ...details.map(({ name, expected, found }) => `${name}: expected ${expected}, found ${found}`),
  ]);
  if (found.kind === "broken") return [`${found.code}: ${found.detail}`];
  if (found.kind === "unknown") return [`${found.location}: ${found.reason}`];
  return compared;
}
