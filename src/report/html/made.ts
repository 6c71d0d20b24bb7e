import type { JsonReport } from "../json-schema.ts";
import { html, type Markup } from "./markup.ts";
import { at, projectOf } from "./words.ts";

/** By which policies, by which command, when, and with what to say about it. */
export function madeOf({ tool, time, command, exit, projects }: JsonReport): Markup {
  const policies = new Map(
    projects.flatMap(({ policies: all }) => all.map((one) => [`${one.name} ${one.digest}`, one] as const)),
  );
  const notes = [...new Set(projects.flatMap(({ notes: all }) => all))];
  return html`<section aria-labelledby="made-h" id="made">
    <h2 id="made-h">How this was judged</h2>
    ${
      notes.length > 0 &&
      html`<ul class="notes">
        ${notes.map((note) => html`<li>${note}</li>`)}
      </ul>`
    }
    <dl class="facts">
      <div>
        <dt>Command</dt>
        <dd><code>safe-install ${command}</code>, exit ${exit}</dd>
      </div>
      <div>
        <dt>When</dt>
        <dd>${at(time)}</dd>
      </div>
      ${projects.map(
        (one) =>
          html`<div>
            <dt>Judged</dt>
            <dd><code>${projectOf(one)}</code>: ${one.summary.text}</dd>
          </div>`,
      )}
      ${[...policies.values()].map(
        ({ name, digest, mode }) =>
          html`<div>
            <dt>Policy</dt>
            <dd><code>${name}</code> (${mode})<br /><code class="digest">${digest}</code></dd>
          </div>`,
      )}
      <div>
        <dt>Tool</dt>
        <dd>${tool.name} ${tool.version}</dd>
      </div>
    </dl>
    <p class="muted">All of this is in <code>--report json</code>, too.</p>
  </section>`;
}
