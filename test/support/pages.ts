import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");

export interface Page {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
  /** Without code, in blocks or in a line. */
  readonly prose: string;
  readonly blocks: readonly Block[];
  /** What `#...` may name: a slug a heading, as GitHub makes them. */
  readonly anchors: readonly string[];
  readonly links: readonly string[];
}

export interface Block {
  readonly language: string;
  readonly text: string;
  /** 1-based, of its first line. */
  readonly line: number;
  /** What the comment before it says, as `<!-- files: a, b -->`. */
  readonly comment: string;
}

/** README, docs/ and every other Markdown file at the root. */
export function pages(): readonly Page[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: ROOT });
  return listed
    .toString()
    .split("\n")
    .filter((path) => /^(?:docs\/)?[^/]+\.md$/.test(path))
    .map((path) => pageOf(path, readFileSync(join(ROOT, path), "utf8")));
}

export function page(path: string): Page {
  const found = pages().find((one) => one.path === path);
  if (found === undefined) throw new Error(`there is no page ${path}`);
  return found;
}

const FENCED = /(?:<!-- ([^>]*?) -->\s*)?^( *)```(\w*)\n(.*?)^\2```$/gms;

export function pageOf(path: string, text: string): Page {
  const blocks = [...text.matchAll(FENCED)].map(([whole, comment = "", indent = "", language = "", body = ""], at) => ({
    language,
    text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    line:
      text.slice(0, [...text.matchAll(FENCED)][at]?.index ?? 0).split("\n").length +
      whole.split("```")[0]!.split("\n").length,
    comment,
  }));
  const outside = text.replaceAll(FENCED, "");
  const headings = [...outside.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => title);
  return {
    path,
    text,
    prose: outside.replaceAll(/`[^`\n]+`/g, "``"),
    blocks,
    anchors: slugs(headings),
    links: [...outside.matchAll(/\]\(([^()\s]+)\)/g)].map(([, to = ""]) => to),
  };
}

/** As GitHub makes them: lower case, without markup and punctuation, a dash a space; the second of a name gets `-1`. */
function slugs(headings: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return headings.map((title) => {
    const bare = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-");
    const before = seen.get(bare) ?? 0;
    seen.set(bare, before + 1);
    return before === 0 ? bare : `${bare}-${before}`;
  });
}
