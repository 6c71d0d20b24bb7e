import { parsePurl } from "../../ecosystems/purl.ts";
import type { JsonPackage, JsonProject, JsonReport } from "../json-schema.ts";
import { percent } from "../rollout.ts";
import { type GroundKind, GROUND_WORDS } from "../summary.ts";
import { html, type Markup } from "./markup.ts";

/** What the bar is made of: the grounds, those together that rest on the same thing. */
export type Tier = "signed" | "baseline" | "pinned" | "excepted" | "audited" | "denied";

export const KINDS: readonly Tier[] = ["signed", "baseline", "pinned", "excepted", "audited", "denied"];

/** Which part of the bar a ground belongs to. */
export const KIND_OF: Readonly<Record<GroundKind, Tier>> = {
  signed: "signed",
  baseline: "baseline",
  recorded: "pinned",
  archive: "pinned",
  unsigned: "excepted",
  excepted: "excepted",
  audited: "audited",
  denied: "denied",
};

/** In audit mode nothing is called verified. */
export function wordsOf(kind: Tier, outcome: JsonReport["outcome"]): string {
  if (kind === "signed" && outcome === "audited") return "by their pinned publisher";
  return kind === "excepted"
    ? "exception, or unsigned as a rule allows"
    : GROUND_WORDS[kind === "pinned" ? "recorded" : kind];
}

export type Tally = Readonly<Record<Tier, number>>;

/** @param unbound what cannot be bound is denied */
export function tallyOf(grounds: Readonly<Record<string, number>>, unbound: number): Tally {
  const tally = { signed: 0, baseline: 0, pinned: 0, excepted: 0, audited: 0, denied: unbound };
  for (const [ground, count] of Object.entries(grounds)) if (isGround(ground)) tally[KIND_OF[ground]] += count;
  return tally;
}

function isGround(text: string): text is GroundKind {
  return Object.hasOwn(KIND_OF, text);
}

export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = { signed: 0, baseline: 0, pinned: 0, excepted: 0, audited: 0, denied: 0 };
  for (const tally of tallies) for (const kind of KINDS) sum[kind] += tally[kind];
  return sum;
}

export function totalOf(tally: Tally): number {
  return KINDS.reduce((total, kind) => total + tally[kind], 0);
}

export function share(part: number, whole: number): string {
  return whole === 0 ? "0 %" : percent(part / whole);
}

/** `npm:@acme/widget@2.1.0`, as policies and the screen spell it. */
export function named(purl: string): string {
  const read = parsePurl(purl);
  if (read === null) return purl;
  return `${read.ecosystem}:${read.name}${read.version === null ? "" : `@${read.version}`}`;
}

/** What something rests on, in the words that go with the outcome of its project. */
export function chip(ground: JsonPackage["ground"], outcome: JsonReport["outcome"]): Markup {
  return html`<span class="chip ${KIND_OF[ground]}">${groundWords(ground, outcome)}</span>`;
}

export function groundWords(ground: GroundKind, outcome: JsonReport["outcome"]): string {
  return ground === "signed" ? wordsOf("signed", outcome) : GROUND_WORDS[ground];
}

/** A link where an address is an https one, and text where it is anything else. */
export function linked(text: string): Markup {
  if (!/^https:\/\/[\w.-]+(?:\/|$)/.test(text) || !URL.canParse(text)) return html`${text}`;
  return html`<a href="${new URL(text).href}" rel="noreferrer noopener">${text}</a>`;
}

/** `2026-11-29 23:40 UTC`; what is no time as it stands. */
export function at(time: string): Markup {
  const read = new Date(time);
  if (Number.isNaN(read.getTime())) return html`${time}`;
  const iso = read.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
}

/** A section under its heading, where there is something in it. */
export function section(id: string, title: string, content: readonly Markup[], lead?: Markup): Markup | null {
  if (content.length === 0) return null;
  return html`<section aria-labelledby="${id}-h" id="${id}">
    <h2 id="${id}-h">${title}</h2>
    ${lead === undefined ? null : html`<p class="lead">${lead}</p>`}${content}
  </section> `;
}

/** A list of which the first few show, and the others once somebody asks. */
export function folded(items: readonly Markup[], shown: number): Markup {
  const rest = items.slice(shown);
  const list = (some: readonly Markup[]) =>
    html`<ul class="names">
      ${some.map((one) => html`<li>${one}</li>`)}
    </ul>`;
  if (rest.length === 0) return list(items);
  return html`${list(items.slice(0, shown))}
    <details>
      <summary>${rest.length} more</summary>
      ${list(rest)}
    </details>`;
}

/** Where the project is one of several, its name. */
export function projectOf({ lockfile, project }: Pick<JsonProject, "lockfile" | "project">): string {
  return lockfile ?? project;
}
