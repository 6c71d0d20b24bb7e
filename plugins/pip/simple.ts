import { isAllowedUrl } from "../../src/plugin.ts";

/** One file of an index page (simple repository API, PEP 503 and PEP 691). */
export interface IndexFile {
  /** The last segment of the URL's path, decoded once; what pip calls the file. */
  readonly filename: string;
  /** Absolute, without fragment. */
  readonly url: string;
  /** Hex by algorithm, as stated. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Where the index says that the file's PEP 740 provenance is. */
  readonly provenance: string | null;
}

export interface IndexPage {
  /** The URL that answered. */
  readonly url: string;
  readonly files: readonly IndexFile[];
}

/** Reads a page; files that it spells wrongly are left out, a page that is neither JSON nor HTML has none. */
export function readPage(url: string, contentType: string, text: string): IndexPage {
  const files = contentType.includes("+json") ? readJson(text) : readHtml(text);
  return { url, files: files.flatMap((one) => fileOf(one, url)) };
}

interface Stated {
  readonly url: string;
  readonly hashes: Readonly<Record<string, string>>;
  readonly provenance: string | null;
  /** Where relative URLs start, if not at the page. */
  readonly base: string | null;
}

function readJson(text: string): readonly Stated[] {
  let page: unknown;
  try {
    page = JSON.parse(text);
  } catch {
    return [];
  }
  const files = isObject(page) && Array.isArray(page["files"]) ? page["files"] : [];
  return files.flatMap((file: unknown) => {
    if (!isObject(file) || typeof file["url"] !== "string") return [];
    const { url, provenance } = file;
    const hashes = isObject(file["hashes"]) ? Object.entries(file["hashes"]) : [];
    const stated = hashes.filter((pair): pair is [string, string] => typeof pair[1] === "string");
    return [
      {
        url,
        hashes: Object.fromEntries(stated),
        provenance: typeof provenance === "string" && provenance !== "" ? provenance : null,
        base: null,
      },
    ];
  });
}

/** Anchors only; PEP 833 freezes this form, so a small reader will do. */
function readHtml(text: string): readonly Stated[] {
  const tags = tagsIn(text);
  const base = tags.find(({ name }) => name === "base")?.attributes.get("href") ?? null;
  return tags.flatMap(({ name, attributes }) => {
    const href = attributes.get("href");
    if (name !== "a" || href === undefined) return [];
    const [, algorithm, hex] = /#(?:[^#]*&)?(sha\d+|md5)=([0-9a-fA-F]+)/.exec(href) ?? [];
    const hashes = algorithm === undefined || hex === undefined ? {} : { [algorithm]: hex };
    return [{ url: href, hashes, provenance: attributes.get("data-provenance") || null, base }];
  });
}

interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** The opening tags `a` and `base`, in one pass: what is never closed ends the page. */
function tagsIn(text: string): readonly Tag[] {
  const tags: Tag[] = [];
  let at = text.indexOf("<");
  while (at >= 0) {
    const end = text.startsWith("<!--", at) ? text.indexOf("-->", at + 4) : endOfTag(text, at + 1);
    if (end < 0) break;
    const [, name = ""] = /^<(a|base)(?=[\s/>])/i.exec(text.slice(at, at + 8)) ?? [];
    if (name !== "" && end - at < TAG_LENGTH)
      tags.push({ name: name.toLowerCase(), attributes: attributesOf(text.slice(at + 1 + name.length, end)) });
    at = text.indexOf("<", end);
  }
  return tags;
}

const TAG_LENGTH = 20_000;

/** The first `>` outside of quotes. */
function endOfTag(text: string, from: number): number {
  const stop = /[>"']/g;
  stop.lastIndex = from;
  for (let found = stop.exec(text); found !== null; found = stop.exec(text)) {
    if (found[0] === ">") return found.index;
    const close = text.indexOf(found[0], stop.lastIndex);
    if (close < 0) return -1;
    stop.lastIndex = close + 1;
  }
  return -1;
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/(?<![\w-])([a-zA-Z][\w-]{0,63})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g);
  const attributes = new Map<string, string>();
  // The first of two equal attributes counts (WHATWG HTML, tokenization).
  for (const [, name = "", a, b, c] of found) {
    const key = name.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, decode(a ?? b ?? c ?? ""));
  }
  return attributes;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]+));/g,
    (all: string, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? all;
      const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
      return code <= 0x10_ffff ? String.fromCodePoint(code) : all;
    },
  );
}

function fileOf({ url, hashes, provenance, base }: Stated, page: string): readonly IndexFile[] {
  const root = base === null || !URL.canParse(base, page) ? page : new URL(base, page).href;
  if (!URL.canParse(url, root)) return [];
  const absolute = new URL(url, root);
  absolute.hash = "";
  const filename = lastSegment(absolute);
  if (filename === null) return [];
  return [{ filename, url: absolute.href, hashes, provenance: provenanceUrl(provenance, root, page) }];
}

/** Decoded once and only once: a name that decodes into a path is none. */
export function lastSegment(url: URL): string | null {
  try {
    const name = decodeURIComponent(url.pathname.split("/").at(-1) ?? "");
    return name === "" || /[/\\]/.test(name) ? null : name;
  } catch {
    return null;
  }
}

/**
 * "A fully qualified URL ... a secure origin" (simple repository API 1.3); a relative one is taken from the page. Only an
 * index of this machine may send us to this machine.
 */
function provenanceUrl(stated: string | null, root: string, page: string): string | null {
  if (stated === null || !URL.canParse(stated, root)) return null;
  const { href, protocol } = new URL(stated, root);
  const isLocal = page.startsWith("http:") && isAllowedUrl(page);
  return (protocol === "https:" || isLocal) && isAllowedUrl(href) ? href : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
