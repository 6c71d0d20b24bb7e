import type { JsonProject, JsonReport } from "../json-schema.ts";
import { plural } from "../text.ts";
import { html, type Markup } from "./markup.ts";
import { named, section } from "./words.ts";

interface Ends {
  readonly what: string;
  readonly about: Markup | null;
  readonly policy: string;
  readonly expires: string;
  readonly daysLeft: number;
}

/** Exceptions, rules, archives, roots and keys by the days that are left of them. */
export function endingsOf({ projects }: JsonReport): Markup | null {
  const all = [
    ...new Map(projects.flatMap(endsIn).map((one) => [JSON.stringify([one.policy, one.what]), one])).values(),
  ];
  if (all.length === 0) return null;
  const rows = all.toSorted((left, right) => left.daysLeft - right.daysLeft).map(row);
  const table = html`<div class="scroll" role="region" aria-labelledby="endings-h" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Ends on</th>
          <th scope="col" class="number">Days left</th>
          <th scope="col">Policy</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
  return section("endings", "What ends, and when", [table]);
}

function endsIn({ summary: { exceptions, endings } }: JsonProject): readonly Ends[] {
  return [
    ...exceptions.map(({ package: purl, excuses, approvedBy, since, uses, ...rest }) => ({
      ...rest,
      what: `exception for ${named(purl)}`,
      about: html`excuses
      ${excuses.join(", ")}${since !== null && ` since ${since}`}${approvedBy !== null && `, approved by ${approvedBy}`};
      ${uses === 0 ? "without effect here" : `lets ${plural(uses, "package")} in`}`,
    })),
    // An exception is told above, with all that is known of it.
    ...endings.filter(({ what }) => !what.startsWith("exceptions[")).map((one) => ({ ...one, about: null })),
  ];
}

function row({ what, about, policy, expires, daysLeft }: Ends): Markup {
  const urgency = daysLeft <= 7 ? "soon" : daysLeft <= 30 ? "near" : "far";
  return html`<tr>
    <th scope="row">${what}${about !== null && html`<small>${about}</small>`}</th>
    <td>${expires}</td>
    <td class="number"><span class="days ${urgency}">${daysLeft <= 0 ? "over" : daysLeft}</span></td>
    <td><code>${policy}</code></td>
  </tr>`;
}
