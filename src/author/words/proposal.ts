import type { Draft } from "../draft.ts";
import { isArchive, type Pinned } from "../propose/plan.ts";
import { label } from "../../model/package.ts";
import { isRegistry } from "../propose/signers.ts";
import { compareText } from "../propose/sighting.ts";
import type { Standing } from "../propose/standing.ts";
import { listedArchives } from "./archives.ts";
import { leftOpen, STATUS_WORDS } from "./left-open.ts";
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
    ...leftOpen(draft, paint, columns),
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
  return foundation.text === null || status === "held" ? name : `${name} (${STATUS_WORDS[status]})`;
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
        : [`  ${paint("dim", wrap((nugetSignature.fingerprints ?? []).join(" or "), columns, "  "))}`]),
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
