import type { Draft } from "../draft.ts";
import { left } from "../draft.ts";
import { isArchive, type Pinned } from "../propose/plan.ts";
import { label } from "../../model/package.ts";
import { isRegistry } from "../propose/signers.ts";
import { builtFrom, originWords } from "../propose/origin.ts";
import { compareText } from "../propose/sighting.ts";
import type { Standing, Status } from "../propose/standing.ts";
import { listedArchives } from "./archives.ts";
import { pinCommand } from "./change.ts";
import { looks } from "./looks.ts";
import { signerWords } from "./signer-words.ts";
import { type Paint, few, plural, printable, wrap } from "../../report/text.ts";

/** What a draft would trust, for whom, and what it leaves open: nothing of it in silence. */
export function proposal(draft: Draft, paint: Paint, columns: number): string {
  return [
    heading(draft, paint),
    ...trusted(draft, paint, columns),
    ...published(draft, paint, columns),
    ...recorded(draft, paint, columns),
    ...listedArchives(draft.plan, paint, columns),
    ...pruned(draft, paint, columns),
    ...looks(draft, paint, columns),
    ...open(draft, paint, columns),
    "",
  ].join("\n");
}

function heading({ survey, standings }: Draft, paint: Paint): string {
  const held = standings.filter(({ status }) => status === "held").length;
  const known = held === 0 ? "" : `, ${held} allowed by the policy already`;
  return `${paint("bold", survey.lockfiles.map(printable).join(", ") || "this command")}: ${plural(standings.length, "package")}${known}`;
}

function trusted(draft: Draft, paint: Paint, columns: number): string[] {
  const { plan } = draft;
  const signed = plan.pinned.filter(({ signer }) => signer !== null && !isRegistry(plan.policy, signer));
  if (signed.length === 0) return [];
  const names = [...new Set(signed.map(({ signer }) => signer ?? ""))].toSorted(compareText);
  const blocks = names.flatMap((name) => {
    const packages = signed.filter(({ signer }) => signer === name).map((one) => labelOf(one, draft));
    const signer = plan.policy.signers?.[name];
    const mark = plan.added.has(name) ? "" : paint("dim", "  (already in the policy)");
    return [
      `  ${paint("bold", name)}${mark}`,
      ...(signer === undefined ? [] : [`    ${paint("dim", wrap(printable(signerWords(signer)), columns, "    "))}`]),
      `    for ${wrap(packages.map(printable).join(", "), columns, "    ")}`,
    ];
  });
  return [
    "",
    `Who is trusted for what (${plural(names.length, "signer")}, ${plural(signed.length, "package")}):`,
    ...blocks,
  ];
}

/** What a package is to a policy that was there before; nothing beside a first one. */
function labelOf({ standing: { sighting, status } }: Pinned, { foundation }: Draft): string {
  const name = label(sighting.package);
  return foundation.text === null || status === "held" ? name : `${name} (${WORDS[status]})`;
}

/** What the registry's own signature vouches for: less than an identity, and said so. */
function published(draft: Draft, paint: Paint, columns: number): string[] {
  const { plan, standings } = draft;
  const all = plan.pinned.filter(({ signer }) => isRegistry(plan.policy, signer));
  const registries = [...new Set(all.map(({ signer }) => signer ?? ""))].toSorted(compareText);
  return registries.flatMap((name) => {
    const own = all.filter(({ signer }) => signer === name);
    const share = Math.round((own.length * 100) / standings.length);
    const { npmRegistry: registry, nugetSignature } = plan.policy.signers?.[name] ?? {};
    return [
      "",
      `Taken as ${printable(registry ?? name)} published them, by its own signature (${paint("bold", name)}, a baseline):`,
      `  ${plural(own.length, "package")}, ${share} % of all: unsigned`,
      `  ${paint(
        "dim",
        wrap(
          few(
            own.map((one) => labelOf(one, draft)),
            12,
          ),
          columns,
          "  ",
        ),
      )}`,
      `  ${wrap("It proves which bytes were published under name and version, and that no mirror or lock swapped them; not who built them. New versions of these names are allowed as well.", columns, "  ")}`,
      ...(nugetSignature === undefined
        ? []
        : [`  ${paint("dim", wrap(nugetSignature.fingerprints.join(" or "), columns, "  "))}`]),
      "  Stricter, each version by its digest: --record",
      ...foreignHint(own),
    ];
  });
}

function recorded(draft: Draft, paint: Paint, columns: number): string[] {
  const { plan, standings } = draft;
  const unsigned = plan.pinned.filter(({ signer, standing }) => signer === null && !isArchive(standing.sighting));
  const names = unsigned.map((one) => labelOf(one, draft));
  if (names.length === 0) return [];
  const share = Math.round((names.length * 100) / standings.length);
  const until = plan.policy.recorded?.expires ?? "";
  return [
    "",
    `Recorded by digest until ${until}, because they are unsigned:`,
    `  ${plural(names.length, "package")}, ${share} % of all`,
    `  ${paint("dim", wrap(few(names, 12), columns, "  "))}`,
    "  These bytes are allowed and no others; a new version waits for: safe-install policy pin",
    ...foreignHint(unsigned),
  ];
}

function pruned({ pruned }: Draft, paint: Paint, columns: number): string[] {
  if (pruned.length === 0) return [];
  return [
    "",
    `Taken out of the recorded file, because no lockfile here names them (${pruned.length}):`,
    `  ${paint("dim", wrap(few(pruned, 12), columns, "  "))}`,
  ];
}

function foreignHint(pinned: readonly Pinned[]): string[] {
  const foreign = pinned.filter(({ standing }) => hasForeign(standing)).length;
  if (foreign === 0) return [];
  return [`  ${foreign} of them carry evidence under a trust root that nobody named:`, "  --trusted-root NAME=FILE"];
}

function hasForeign({ sighting }: Standing): boolean {
  return sighting.facts.verdicts.some((one) => one.status === "foreign" && "bundle" in one.evidence);
}

const WORDS: Readonly<Record<Exclude<Status, "held">, string>> = {
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

/** What stays outside, as exactly what it is. */
function open(draft: Draft, paint: Paint, columns: number): string[] {
  const standings = left(draft);
  const { unbound } = draft.survey;
  if (standings.length + unbound.length === 0) return [];
  return [
    "",
    `Not pinned (${standings.length + unbound.length}):`,
    ...standings.flatMap((one) => block(one, draft, paint, columns)),
    ...unbound.flatMap(({ package: ref, location, denial }) => [
      `  ${paint("red", "✗")} ${paint("bold", printable(ref === null ? location : label(ref)))}  cannot be bound  ${denial.code}`,
      `      ${wrap(printable(denial.message), columns, "      ")}`,
    ]),
  ];
}

function block(
  { sighting, status, denials, deniedBy = [], earlier = [] }: Standing,
  { typed }: Draft,
  paint: Paint,
  columns: number,
): string[] {
  const name = label(sighting.package);
  const moved = status === "moved" ? [originOf(sighting, earlier)] : [];
  const word = status === "held" ? "" : WORDS[status];
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
