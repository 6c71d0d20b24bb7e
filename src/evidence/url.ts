import { SourceUnavailable } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Host } from "../plugin.ts";
import { isAllowedUrl } from "../url.ts";
import { readDocument } from "./document.ts";

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
export async function askAddress(
  url: string,
  source: string,
  fresh: boolean,
  host: Host,
): Promise<readonly Evidence[]> {
  const key = `${source}:${url}`;
  const cached = fresh ? null : await host.cache.get(key);
  if (cached !== null) return asCached(readDocument(cached.toString("utf8"), source, url));
  const { status, body } = await host.fetch(url, { maxBytes: LIMITS.evidenceBytes });
  if (meansNone(status)) return [];
  if (status !== 200) throw new SourceUnavailable(url, `answered ${status}`);
  const evidence = readDocument(body.toString("utf8"), source, url);
  if (isWorthKeeping(evidence)) await host.cache.put(key, body);
  return evidence;
}

/** An answer without bundles, or with something that is none, may be another one tomorrow. */
export function isWorthKeeping(evidence: readonly Evidence[]): boolean {
  return evidence.length > 0 && evidence.every((one) => "bundle" in one);
}

/** Marks evidence as an earlier run's. */
export function asCached(evidence: readonly Evidence[]): readonly Evidence[] {
  return evidence.map((one) => ({ ...one, cached: true }));
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
