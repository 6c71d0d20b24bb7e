import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { JsonReport } from "../json-schema.ts";
import { denialsOf } from "./denials.ts";
import { endingsOf } from "./endings.ts";
import { heroOf } from "./hero.ts";
import { html, type Markup, textOf, verbatim } from "./markup.ts";
import { changesOf, notJudgedOf, scriptsOf } from "./lists.ts";
import { packagesOf } from "./packages.ts";
import { signersOf } from "./signers.ts";
import { madeOf } from "./made.ts";
import { type Trend, trendsOf } from "./trend.ts";

/** What a page shows: one report, and how it came about where there are earlier runs of it. */
export interface View {
  readonly title: string;
  readonly report: JsonReport;
  readonly trends?: readonly Trend[];
}

/** `--report html`: the page of one run. */
export function page(report: JsonReport): Promise<string> {
  return draw({ title: `safe-install ${report.command}`, report });
}

/**
 * One page that needs nothing else: no request is made from it, and no script runs in it but the one below, which is the
 * same in every page. Its policy (CSP 3, 6.1 and 6.6) admits them by their digests; the text of a report is only ever text.
 */
export async function draw({ title, report, trends = [] }: View): Promise<string> {
  const [style, script] = await Promise.all([asset("page.css"), asset("page.js")]);
  const [first, ...rest] = [
    denialsOf(report),
    changesOf(report),
    trendsOf(trends),
    signersOf(report),
    endingsOf(report),
    scriptsOf(report),
    notJudgedOf(report),
  ];
  const body = html`<a class="skip" href="#packages">To the packages</a>
    <main>${heroOf(title, report)} ${first}${rest} ${packagesOf(report)} ${madeOf(report)}</main>`;
  return `<!doctype html>\n${textOf(shell(title, report, { style, script, body }))}\n`;
}

interface Shell {
  readonly style: string;
  readonly script: string;
  readonly body: Markup;
}

function shell(title: string, { outcome }: JsonReport, { style, script, body }: Shell): Markup {
  return html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${policyFor(style, script)}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <meta name="robots" content="noindex" />
      <title>${title}: ${outcome}</title>
      ${verbatim(`<style>${style}</style>`)}
    </head>
    <body>
      ${body} ${verbatim(`<script>${script}</script>`)}
    </body>
  </html>`;
}

/** Nothing from anywhere, but these two by their digests. */
function policyFor(style: string, script: string): string {
  const by = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return [
    "default-src 'none'",
    `style-src ${by(style)}`,
    `script-src ${by(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

function asset(name: string): Promise<string> {
  return readFile(new URL(`assets/${name}`, import.meta.url), "utf8");
}
