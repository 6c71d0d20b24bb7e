import type { JsonReport, JsonSigner } from "../json-schema.ts";
import { html, type Markup } from "./markup.ts";
import { folded, linked, named, section } from "./words.ts";

/** Who signs what, with what deserves a second look in front. */
export function signersOf({ projects }: JsonReport): Markup | null {
  const all = joined(projects.flatMap(({ summary }) => summary.signers));
  if (all.length === 0) return null;
  const table = html`<div class="scroll" role="region" aria-labelledby="signers-h" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">Signer, and who says so</th>
          <th scope="col">Repository</th>
          <th scope="col">Ref</th>
          <th scope="col" class="number">Packages</th>
          <th scope="col">Second look</th>
        </tr>
      </thead>
      <tbody>
        ${all.map(row)}
      </tbody>
    </table>
  </div>`;
  const looks = all.filter(({ looks }) => looks.length > 0).length;
  return section(
    "signers",
    "Who signs what",
    [table],
    html`${all.length}
    ${all.length === 1 ? "identity" : "identities"}${looks > 0 && `; ${looks} to look at a second time`}. Whether a rule
    asks for them is another matter: the table of packages says which do count.`,
  );
}

function row({ signer, issuer, repository, refs, packages, looks }: JsonSigner): Markup {
  return html`<tr>
    <th scope="row">
      <code class="id">${shortened(signer, repository)}</code>${issuer !== null && html`<small>${issuer}</small>`}
    </th>
    <td>${repository === null ? "—" : linked(repository)}</td>
    <td>
      ${
        refs.length === 0
          ? "—"
          : folded(
              refs.map((ref) => html`<code>${ref}</code>`),
              2,
            )
      }
    </td>
    <td class="number">
      ${packages.length}${
        packages.length > 0 &&
        html`<details>
          <summary>which</summary>
          <ul class="names">
            ${packages.map((one) => html`<li>${named(one)}</li>`)}
          </ul>
        </details>`
      }
    </td>
    <td>
      ${looks.length === 0 ? html`<span class="muted">—</span>` : looks.map((look) => html`<p class="look">${look}</p>`)}
    </td>
  </tr>`;
}

/** A workflow without the repository that stands beside it. */
function shortened(signer: string, repository: string | null): string {
  return repository !== null && signer.startsWith(`${repository}/`) ? signer.slice(repository.length + 1) : signer;
}

/** The same identity in several projects is one. */
function joined(all: readonly JsonSigner[]): readonly JsonSigner[] {
  const found = new Map<string, JsonSigner>();
  for (const one of all) {
    const key = JSON.stringify([one.kind, one.signer, one.issuer, one.repository]);
    const known = found.get(key);
    const both = (name: "refs" | "packages" | "looks") => [...new Set([...(known?.[name] ?? []), ...one[name]])].sort();
    found.set(key, { ...one, refs: both("refs"), packages: both("packages"), looks: both("looks") });
  }
  return [...found.values()].toSorted(
    (left, right) =>
      Number(right.looks.length > 0) - Number(left.looks.length > 0) || right.packages.length - left.packages.length,
  );
}
