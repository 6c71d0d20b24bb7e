import { SourceUnavailable } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Host } from "../plugin.ts";
import { isAllowedUrl } from "../url.ts";
import { readSidecar } from "./sidecar.ts";
import { keptAnswer, readAndKeep } from "./kept.ts";

/** What a URL template may name; a field that is not known for an artifact makes the template "no evidence" for it. */
export type Fields = Readonly<Record<string, string>>;

/** Answers that mean "there is none"; anything else but 200 means "could not find out". */
const NONE: readonly number[] = [400, 404, 405, 410, 501];

export function meansNone(status: number): boolean {
  return NONE.includes(status);
}

/** Asks a URL template, for instance `https://bundles.example/{id}/{version}/{filename}.sigstore.json`. @throws SourceUnavailable */
export async function askUrl(
  template: string,
  fields: Fields,
  fresh: boolean,
  host: Host,
): Promise<readonly Evidence[]> {
  const url = expand(template, fields);
  return url === null ? [] : askAddress(url, "url", fresh, host);
}

/** Asks one address without credentials; an answer is kept for the next run, a "none" is not. @throws SourceUnavailable */
async function askAddress(url: string, source: string, fresh: boolean, host: Host): Promise<readonly Evidence[]> {
  const read = (answer: Buffer) => readSidecar(answer, source, url);
  const asked = { key: `${source}:${url}`, fresh, read };
  const kept = await keptAnswer(asked, host);
  if (kept !== null) return kept;
  const { status, body } = await host.fetch(url, { maxBytes: LIMITS.evidenceBytes });
  if (meansNone(status)) return [];
  if (status !== 200) throw new SourceUnavailable(url, `answered ${status}`);
  return readAndKeep(body, asked, host);
}

/** Fills a template; each value becomes one path segment or part of one. Null where a field is not known. */
export function expand(template: string, fields: Fields): string | null {
  let complete = true;
  const url = template.replaceAll(/\{([A-Za-z0-9]+)\}/g, (_, name: string) => {
    const value = fields[name];
    // A segment of dots would climb, also percent-encoded (WHATWG URL, double-dot path segment).
    if (value === undefined || /^\.*$/.test(value)) complete = false;
    return encodeURIComponent(value ?? "");
  });
  return complete && isAllowedUrl(url) ? url : null;
}
