import type { JsonEvidence, JsonPackage, JsonProject, JsonReport } from "../json-schema.ts";
import { GROUND_WORDS } from "../summary.ts";
import { comparisons, rowId } from "./denials.ts";
import { html, type Markup } from "./markup.ts";
import { at, chip, groundWords, KIND_OF, KINDS, linked, named, projectOf, wordsOf } from "./words.ts";

/** Every package with its evidence: searched, sorted and opened by the page's own script; without it all are open. */
export function packagesOf(report: JsonReport): Markup {
  const { projects, outcome } = report;
  const several = projects.length > 1;
  const count = projects.reduce((sum, { packages }) => sum + packages.length, 0);
  const column = (name: string, kind = "") =>
    html`<th scope="col" class="${kind}" aria-sort="none"><button type="button" class="sort">${name}</button></th>`;
  return html`<section aria-labelledby="packages-h" id="packages">
    <h2 id="packages-h">All packages</h2>
    <div class="tools" role="search" aria-label="Packages">
      <label for="q">Search</label
      ><input id="q" type="search" autocomplete="off" spellcheck="false" placeholder="name, signer, rule, digest" />
      <label for="g">Rests on</label
      ><select id="g">
        <option value="">anything</option>
        ${KINDS.map((kind) => html`<option value="${kind}">${wordsOf(kind, outcome)}</option>`)}
      </select>
      <p id="shown" role="status">${count} of ${count} packages</p>
    </div>
    <table id="list">
      <caption class="hidden">
        All packages with what they rest on; each can be opened to see its evidence
      </caption>
      <thead>
        <tr>
          ${column("Package")}${several && column("In", "wide")}${column("Rests on")}${column("Signed by", "wide")}${column("Rule", "wide")}
        </tr>
      </thead>
      ${projects.flatMap((project, at) => project.packages.map((one, index) => rows(one, rowId(at, index), project, several)))}
    </table>
    <p id="none" class="muted" hidden>No package is like that.</p>
  </section>`;
}

function rows(one: JsonPackage, id: string, project: JsonProject, isOneOfSeveral: boolean): Markup {
  const rule = one.layers.map((layer) => layer.rule ?? `${layer.policy}: no rule`).join("; ");
  const columns = isOneOfSeveral ? 5 : 4;
  return html`<tbody id="${id}" data-kind="${KIND_OF[one.ground]}">
    <tr>
      <th scope="row">
        <button type="button" class="open" aria-expanded="true" aria-controls="${id}-more">${named(one.purl)}</button
        >${one.runsScripts && html` <span class="tag">scripts</span>`}
      </th>
      ${isOneOfSeveral && html`<td class="wide"><code>${projectOf(project)}</code></td>`}
      <td>${chip(one.ground, project.outcome)}</td>
      <td class="wide"><code class="id">${signerOf(one)}</code></td>
      <td class="wide"><code>${rule}</code></td>
    </tr>
    <tr class="more" id="${id}-more">
      <td colspan="${columns}">${storyOf(one, project)}</td>
    </tr>
  </tbody> `;
}

function storyOf(one: JsonPackage, project: JsonProject): Markup {
  const {
    purl,
    archive,
    locations,
    digests,
    built = [],
    licence,
    dependsOn,
    layers,
    denials,
    evidence,
    unavailable,
  } = one;
  return html`${denials.map(
      ({ code, message, details, location, hint }) =>
        html`<div class="denial">
          <p><code>${code}</code> ${message}</p>
          ${comparisons(details)}${location !== undefined && html`<p class="muted">evidence: ${linked(location)}</p>`}${hint !== undefined && html`<p class="do"><span>What settles it</span> <code>${hint}</code></p>`}
        </div>`,
    )}
    <dl class="facts">
      ${fact("purl", [html`<code>${purl}</code>`])}
      ${fact("comes from", archive === undefined ? [] : [html`<code>${"url" in archive ? archive.url : archive.path}</code>`])}
      ${fact(
        "lies in",
        locations.map((location) => html`<code>${location}</code>`),
      )}
      ${fact(
        "digests",
        [...digests, ...built].map((digest) => html`<code class="digest">${digest}</code>`),
      )}
      ${fact("licence, as it says", licence === undefined ? [] : [html`${licence}`])}
      ${fact(
        "needs",
        (dependsOn ?? []).map((other) => html`${named(other)}`),
      )}
      ${fact(
        "decided by",
        layers.map(
          ({ policy, rule, outcome, ground, codes }) =>
            html`<code>${policy}</code> ${rule ?? "no rule"}:
              ${outcome}${onGround(ground, project)}${codes.length > 0 && ` (${codes.join(", ")})`}`,
        ),
      )}
      ${fact(
        "could not be asked",
        unavailable.map(({ location, reason }) => html`${location}: ${reason}`),
      )}
    </dl>
    ${evidence.length === 0 ? html`<p class="muted">No evidence.</p>` : evidence.map(piece)}`;
}

function fact(name: string, values: readonly Markup[]): Markup | null {
  if (values.length === 0) return null;
  return html`<div>
    <dt>${name}</dt>
    ${values.map((value) => html`<dd>${value}</dd>`)}
  </div>`;
}

function onGround(ground: JsonPackage["layers"][number]["ground"], project: JsonProject): string {
  if (ground === undefined) return "";
  const { kind, signers, reason, expires } = ground;
  const name =
    typeof kind === "string" && Object.hasOwn(GROUND_WORDS, kind)
      ? groundWords(kind as keyof typeof GROUND_WORDS, project.outcome)
      : "";
  const more = [
    ...(Array.isArray(signers) ? [signers.join(", ")] : []),
    ...(typeof reason === "string" ? [reason] : []),
    ...(typeof expires === "string" ? [`until ${expires}`] : []),
  ];
  return ` (${[name, ...more].join("; ")})`;
}

function piece({
  source,
  location,
  status,
  code,
  detail,
  bundle,
  predicateType,
  signer,
  signedAt,
  publisher,
  form,
}: JsonEvidence): Markup {
  const claims = signer?.kind === "certificate" ? Object.entries(signer.claims) : [];
  return html`<div class="evidence ${status}">
    <p><b>${status}</b> · ${source} · ${linked(location)}</p>
    <dl class="facts">
      ${fact("because", code === undefined && detail === undefined ? [] : [html`${code !== undefined && html`<code>${code}</code> `}${detail}`])}
      ${fact("signed at", signedAt === undefined || signedAt === null ? [] : [at(signedAt)])}
      ${fact("says", predicateType === undefined || predicateType === null ? [] : [linked(predicateType)])}
      ${fact("bundle", bundle === undefined ? [] : [html`<code class="digest">${bundle}</code>`])}
      ${fact("about", form === undefined ? [] : [html`${form}`])}
      ${fact("published by, as the index says", publisher === undefined ? [] : [html`${publisher}`])}
      ${fact("key", signer?.kind === "key" ? [html`<code class="digest">${signer.fingerprint}</code> ${signer.usage}${signer.registry !== undefined && ` of ${signer.registry}`}`] : [])}
      ${claims.map(([name, value]) => fact(name, [linked(value)]))}
    </dl>
  </div>`;
}

/** The first who verifiably signed it, without the address that all of them begin with. */
function signerOf({ evidence }: JsonPackage): string {
  const signer = evidence.find((one) => one.signer !== undefined)?.signer;
  if (signer === undefined) return "—";
  if (signer.kind === "key") return signer.usage;
  const { sourceRepositoryURI, buildSignerURI, subjectAlternativeName, tokenSubject } = signer.claims;
  const text = sourceRepositoryURI ?? buildSignerURI ?? subjectAlternativeName ?? tokenSubject ?? "a certificate";
  return text.replace(/^https:\/\//, "");
}
