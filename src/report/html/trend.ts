import { plural } from "../text.ts";
import { html, type Markup } from "./markup.ts";
import { at, KINDS, section, share, type Tally, totalOf, wordsOf } from "./words.ts";

/** The runs over one lock, the earliest first. */
export interface Trend {
  readonly name: string;
  readonly runs: readonly TrendRun[];
}

interface TrendRun {
  readonly time: string;
  readonly command: string;
  readonly exit: number;
  readonly packages: number;
  readonly tally: Tally;
}

/** So many runs are drawn; those before are in the logs. */
const DRAWN = 60;

/** How it came about: a column for each run, of all that was judged in it. */
export function trendsOf(trends: readonly Trend[]): Markup | null {
  return section(
    "trend",
    "How it came about",
    trends.map((trend, index) => figure(trend, `trend-${index}`)),
    html`A column is one run, from the left the earliest; its parts are those of the bar above.`,
  );
}

function figure({ name, runs }: Trend, id: string): Markup {
  const drawn = runs.slice(-DRAWN);
  const [first, last] = [drawn[0], drawn.at(-1)];
  if (first === undefined || last === undefined) return html``;
  const said = `${name}: the share of packages with a verified publisher went from ${shareOf(first)} to ${shareOf(last)} in ${plural(drawn.length, "run")}`;
  return html`<figure class="trend">
    <figcaption>
      <code>${name}</code> <b>${shareOf(first)} → ${shareOf(last)}</b> <small>${plural(runs.length, "run")}</small>
    </figcaption>
    <svg role="img" aria-label="${said}" viewBox="0 0 ${drawn.length * 10} 100" preserveAspectRatio="none">
      ${drawn.map(column)}
    </svg>
    <p class="axis"><span>${at(first.time)}</span><span>${at(last.time)}</span></p>
    <details>
      <summary>The runs in numbers</summary>
      <div class="scroll" role="region" aria-label="The runs of ${name} in numbers" tabindex="0">
        <table id="${id}">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Command</th>
              <th scope="col" class="number">Verified</th>
              ${KINDS.map((kind) => html`<th scope="col" class="number">${wordsOf(kind, "allowed")}</th>`)}
              <th scope="col" class="number">Exit</th>
            </tr>
          </thead>
          <tbody>
            ${drawn.toReversed().map(row)}
          </tbody>
        </table>
      </div>
    </details>
  </figure>`;
}

function column({ tally }: TrendRun, at: number): Markup {
  const total = Math.max(totalOf(tally), 1);
  let top = 100;
  return html`${KINDS.flatMap((kind) => {
    if (tally[kind] === 0) return [];
    const height = (tally[kind] / total) * 100;
    top -= height;
    return [
      html`<rect class="${kind}" x="${at * 10 + 1}" y="${top.toFixed(2)}" width="8" height="${height.toFixed(2)}" />`,
    ];
  })}`;
}

function row(run: TrendRun): Markup {
  return html`<tr>
    <th scope="row">${at(run.time)}</th>
    <td><code>${run.command}</code></td>
    <td class="number">${shareOf(run)}</td>
    ${KINDS.map((kind) => html`<td class="number">${run.tally[kind]}</td>`)}
    <td class="number">${run.exit}</td>
  </tr>`;
}

function shareOf({ tally, packages }: TrendRun): string {
  return share(tally.signed, packages);
}
