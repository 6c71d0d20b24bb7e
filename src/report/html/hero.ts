import type { JsonReport } from "../json-schema.ts";
import { plural } from "../text.ts";
import { html, type Markup } from "./markup.ts";
import { at, KINDS, projectOf, share, sumOf, type Tally, tallyOf, totalOf, wordsOf } from "./words.ts";

const OUTCOMES = {
  allowed: "Allowed",
  audited: "Let through by audit: nothing here is called verified",
  denied: "Denied: nothing is installed",
} as const;

/** What was decided; how much of it has a verified publisher; on which grounds the rest stands, against the last run. */
export function heroOf(title: string, report: JsonReport): Markup {
  const { projects, outcome } = report;
  const now = sumOf(projects.map(({ summary }) => tallyOf(summary.grounds, summary.unbound)));
  const judged = projects.reduce((sum, { summary }) => sum + summary.packages, 0);
  return html`<header>
      <p class="outcome ${outcome}"><span>${OUTCOMES[outcome]}</span></p>
      <h1>${title}</h1>
      <p class="lead">
        ${at(report.time)} ·
        ${projects.map((one, index) => html`${index === 0 ? "" : ", "}<code>${projectOf(one)}</code>`)}
      </p>
    </header>
    <section class="hero" aria-labelledby="trust-h">
      <h2 id="trust-h" class="hidden">Trust</h2>
      <div class="share">
        <p class="big">${share(now.signed, judged)}</p>
        <p>
          ${now.signed} of ${plural(judged, "package")}
          ${outcome === "audited" ? "by their pinned publisher" : "with a verified publisher"}
        </p>
        ${changeOf(report, now, judged)}
      </div>
      <div class="bars">${barOf("This run", now, report)}${beforeOf(report)}${legendOf(now, report)}</div>
    </section>`;
}

interface Then {
  readonly time: string;
  readonly tally: Tally;
  readonly packages: number;
}

/** The last run of all projects; null where one of them has none. */
function then({ projects }: JsonReport): Then | null {
  const before = projects.map((one) => one.before ?? null).filter((one) => one !== null);
  const [first] = before;
  if (first === undefined || before.length < projects.length) return null;
  return {
    time: first.time,
    tally: sumOf(before.map(({ grounds, unbound }) => tallyOf(grounds, unbound))),
    packages: before.reduce((sum, { packages }) => sum + packages, 0),
  };
}

function changeOf(report: JsonReport, now: Tally, judged: number): Markup | null {
  const before = then(report);
  if (before === null || before.packages === 0 || judged === 0) return null;
  const points = (now.signed / judged - before.tally.signed / before.packages) * 100;
  const shown =
    Math.abs(points) < 0.05 ? "as" : `${Math.abs(points).toFixed(1)} points ${points > 0 ? "more than" : "less than"}`;
  const way = Math.abs(points) < 0.05 ? "same" : points > 0 ? "up" : "down";
  return html`<p class="delta ${way}">${shown} in the run of ${at(before.time)}</p>`;
}

function beforeOf(report: JsonReport): Markup | null {
  const before = then(report);
  return before === null ? null : barOf(html`Last run, ${at(before.time)}`, before.tally, report, "before");
}

/** Parts of 1,000, drawn by attributes: a style in an element would be refused by the page's own policy. */
export function barOf(label: Markup | string, tally: Tally, { outcome }: JsonReport, kind = "now"): Markup {
  const total = Math.max(totalOf(tally), 1);
  let from = 0;
  const parts = KINDS.flatMap((one) => {
    if (tally[one] === 0) return [];
    const width = (tally[one] / total) * 1000;
    const rect = html`<rect
      class="${one}"
      x="${from.toFixed(2)}"
      y="0"
      width="${Math.max(width, 2).toFixed(2)}"
      height="10"
    />`;
    from += width;
    return [rect];
  });
  const said = KINDS.filter((one) => tally[one] > 0)
    .map((one) => `${tally[one]} ${wordsOf(one, outcome)}`)
    .join(", ");
  return html`<figure class="bar ${kind}">
    <figcaption>${label}: ${totalOf(tally)}</figcaption>
    <svg
      role="img"
      aria-label="${said === "" ? "nothing was judged" : said}"
      viewBox="0 0 1000 10"
      preserveAspectRatio="none"
    >
      ${parts}
    </svg>
  </figure>`;
}

function legendOf(tally: Tally, { outcome }: JsonReport): Markup {
  const total = totalOf(tally);
  const shown = KINDS.filter((kind) => kind !== "audited" || tally.audited > 0);
  return html`<ul class="legend">
    ${shown.map(
      (kind) =>
        html`<li>
          <span class="dot ${kind}" aria-hidden="true"></span><b>${tally[kind]}</b> ${wordsOf(kind, outcome)}
          <small>${share(tally[kind], total)}</small>
        </li>`,
    )}
  </ul>`;
}
