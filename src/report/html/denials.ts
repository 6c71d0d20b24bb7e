import { type Code, CODES } from "../../model/codes.ts";
import type { JsonPackage, JsonReport } from "../json-schema.ts";
import { plural } from "../text.ts";
import { html, type Markup } from "./markup.ts";
import { folded, named, section } from "./words.ts";

/** So many different things to do are shown of one code; the others stand in the table. */
const GROUPS = 12;

type Denial = JsonPackage["denials"][number];

interface Denied {
  readonly what: string;
  /** Where it stands in the table; null: it is no package. */
  readonly row: string | null;
  readonly denial: Denial;
}

/** Why something is not let in: code by code, those of most packages first, with what settles each. */
export function denialsOf(report: JsonReport): Markup | null {
  const byCode = groupedBy(deniedIn(report), ({ denial }) => denial.code);
  const ordered = [...byCode].toSorted(([, left], [, right]) => right.length - left.length);
  const title = report.outcome === "denied" ? "Denied" : "What the policy would deny";
  return section(
    "denials",
    title,
    ordered.map(([code, all]) => ofCode(code, all)),
  );
}

function deniedIn({ projects }: JsonReport): readonly Denied[] {
  return projects.flatMap(({ packages, unbound }, at) => [
    ...unbound.map(({ purl, location, denial }) => ({
      what: purl === null ? location : named(purl),
      row: null,
      denial,
    })),
    ...packages.flatMap(({ purl, denials }, index) =>
      denials.map((denial) => ({ what: named(purl), row: rowId(at, index), denial })),
    ),
  ]);
}

/** The name of a package's row: of ours alone, so that no package can name another one's. */
export function rowId(project: number, at: number): string {
  return `p-${project}-${at}`;
}

function ofCode(code: string, all: readonly Denied[]): Markup {
  const meaning = Object.hasOwn(CODES, code) ? CODES[code as Code].meaning : "";
  const groups = [
    ...groupedBy(all, ({ denial: { hint, message } }) =>
      JSON.stringify([hint ?? null, hint === undefined ? message : ""]),
    ),
  ];
  const rest = groups.slice(GROUPS).reduce((sum, [, some]) => sum + some.length, 0);
  return html`<article class="code">
    <h3><code>${code}</code> <span class="count">${plural(all.length, "package")}</span></h3>
    <p>${meaning}</p>
    <div class="settles">${groups.slice(0, GROUPS).map(([, some]) => ofGroup(code, meaning, some))}</div>
    ${rest > 0 && html`<p class="muted">${rest} more: see the table</p>`}
  </article>`;
}

function ofGroup(code: string, meaning: string, all: readonly Denied[]): Markup {
  const [first] = all;
  if (first === undefined) return html``;
  const { message, details, hint = `safe-install explain ${code}` } = first.denial;
  const isOne = all.length === 1;
  return html`<div class="settle">
    ${folded(
      all.map(({ what, row }) => (row === null ? html`${what}` : html`<a href="#${row}">${what}</a>`)),
      8,
    )}
    ${message !== meaning && html`<p>${message}</p>`} ${isOne && comparisons(details)}
    <p class="do"><span>What settles it</span> <code>${hint}</code></p>
  </div>`;
}

/** What was compared, as a pair of words that a screen reader keeps together. */
export function comparisons(details: Denial["details"]): Markup | null {
  if (details.length === 0) return null;
  return html`<dl class="compared">
    ${details.map(
      ({ name, expected, found }) =>
        html`<div>
          <dt>${name}</dt>
          <dd><span class="muted">expected</span> <code>${expected}</code></dd>
          <dd><span class="muted">found</span> <code>${found}</code></dd>
        </div>`,
    )}
  </dl>`;
}

/** In the order in which the first of each came. */
export function groupedBy<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  return groups;
}
