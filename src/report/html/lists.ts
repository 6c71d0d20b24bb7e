import type { JsonReport } from "../json-schema.ts";
import { NOT_JUDGED_WORDS } from "../summary.ts";
import { plural } from "../text.ts";
import { groupedBy, rowId } from "./denials.ts";
import { html, type Markup } from "./markup.ts";
import { chip, folded, named, section } from "./words.ts";

/** What runs at installation although nobody proves who made it. */
export function scriptsOf({ projects, outcome }: JsonReport): Markup | null {
  const all = projects.flatMap(({ packages }, at) =>
    packages.flatMap(({ purl, runsScripts, scripts, ground }, index) => {
      if (!runsScripts || ground === "signed") return [];
      const how = scripts === "skip" ? html` <span class="muted">the policy does not let them run</span>` : null;
      return [html`<a href="#${rowId(at, index)}">${named(purl)}</a> ${chip(ground, outcome)}${how}`];
    }),
  );
  if (all.length === 0) return null;
  return section(
    "scripts",
    "Install scripts without a verified publisher",
    [folded(all, 12)],
    html`${plural(all.length, "package")} whose code runs at installation, or in the build, and of whom nobody proves
    who made them.`,
  );
}

/** What is otherwise since the last run. */
export function changesOf({ projects, outcome }: JsonReport): Markup | null {
  const all = projects.flatMap(({ changes = [] }) => changes);
  const before = projects.some((one) => one.before !== undefined && one.before !== null);
  if (!before || all.length === 0) return null;
  const groups = groupedBy(all, ({ from, to }) => JSON.stringify([from, to]));
  const ordered = [...groups.values()].toSorted((left, right) => right.length - left.length);
  return section(
    "changes",
    "Since the last run",
    ordered.map((some) => changed(some, outcome)),
  );
}

function changed(
  all: readonly NonNullable<JsonReport["projects"][number]["changes"]>[number][],
  outcome: JsonReport["outcome"],
): Markup {
  const [first] = all;
  if (first === undefined) return html``;
  const { from, to } = first;
  const arrow = html` <span aria-hidden="true">→</span> <span class="hidden">becomes</span> `;
  const way = html`${from === null ? "new" : chip(from, outcome)}${arrow}${to === null ? "gone" : chip(to, outcome)}`;
  return html`<div class="changed">
    <p><b>${plural(all.length, "package")}</b> ${way}</p>
    ${folded(
      all.map(({ purl }) => html`${named(purl)}`),
      6,
    )}
  </div>`;
}

/** What stays outside of the gate on purpose. */
export function notJudgedOf({ projects }: JsonReport): Markup | null {
  const all = projects.flatMap(({ notGated }) => notGated);
  const kinds = [...new Set(all.map(({ kind }) => kind))];
  return section(
    "not-judged",
    "Not judged",
    kinds.map((kind) => {
      const names = all
        .filter((one) => one.kind === kind)
        .map(({ name, detail }) => html`${name}${detail !== undefined && html` <span class="muted">${detail}</span>`}`);
      return html`<h3>
          ${names.length}
          ${Object.hasOwn(NOT_JUDGED_WORDS, kind) ? NOT_JUDGED_WORDS[kind as keyof typeof NOT_JUDGED_WORDS] : kind}
        </h3>
        ${folded(names, 5)}`;
    }),
  );
}
