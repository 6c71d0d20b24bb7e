import { isInside, wayTo } from "../io/inside.ts";
import { type Node, parseTree } from "jsonc-parser";
import { readBounded } from "../io/files.ts";
import { LIMITS } from "../limits.ts";
import type { ProjectReport, Report } from "../model/report.ts";
import { isAbsolute, join, resolve } from "node:path";

/** A line of a file. `file` is relative to the repository root with `/`; absolute where it lies outside. `line` is 1-based. */
export interface FileLine {
  readonly file: string;
  readonly line: number;
}

/** Where in lockfile and policy the things of a report are. Line 1 where nothing better is known. */
export interface ReportPlaces {
  /** The lockfile's entry; null where the dependency set came from no file. */
  entry(project: ProjectReport, locations: readonly string[], name: string | null): FileLine | null;
  /** A rule, as `LayerDecision.rule` names it; the policy itself where no rule spoke. */
  rule(project: ProjectReport, layer: string, rule: string | null): FileLine;
}

/** Reads every lockfile and policy of a report once. A file that cannot be read any more has line 1 only. */
export async function readPlaces(report: Report, cwd: string): Promise<ReportPlaces> {
  const texts = new Map<string, Indexed>();
  for (const path of report.projects.flatMap((project) => pathsOf(project, cwd))) {
    const bytes = await readBounded(path, { maxBytes: LIMITS.lockfileBytes }).catch(() => null);
    texts.set(path, indexOf(bytes?.toString("utf8") ?? ""));
  }
  return {
    entry(project, locations, name) {
      const path = lockfileOf(project, cwd);
      if (path === null) return null;
      return { file: shown(project, path), line: entryLine(texts.get(path), locations, name) };
    },
    rule(project, layer, rule) {
      const path = policyOf(project, layer);
      const line = ruleLine(texts.get(path), rule);
      return { file: isAbsolute(layer) ? shown(project, layer) : layer, line };
    },
  };
}

function pathsOf(project: ProjectReport, cwd: string): readonly string[] {
  const lockfile = lockfileOf(project, cwd);
  return [...(lockfile === null ? [] : [lockfile]), ...project.policies.map(({ name }) => policyOf(project, name))];
}

function lockfileOf({ lockfile, readFrom, root }: ProjectReport, cwd: string): string | null {
  if (lockfile === null) return null;
  const path = resolve(cwd, lockfile);
  return readFrom === undefined ? path : join(readFrom.lockfile, wayTo(root, path));
}

function policyOf({ root, readFrom }: ProjectReport, layer: string): string {
  return isAbsolute(layer) ? layer : join(readFrom?.policies ?? root, layer);
}

function shown({ root, readFrom }: ProjectReport, path: string): string {
  const base = readFrom !== undefined && isInside(path, readFrom.lockfile) ? readFrom.lockfile : root;
  return isInside(path, base) ? wayTo(base, path) : path;
}

interface Indexed {
  readonly text: string;
  /** Offsets at which lines begin. */
  readonly starts: readonly number[];
  /** Members of npm's `packages`, by name. */
  readonly entries: ReadonlyMap<string, number>;
  /** The items of a policy's `rules`. */
  readonly rules: readonly number[];
}

function indexOf(text: string): Indexed {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const root = text.trimStart().startsWith("{") ? parseTree(text) : undefined;
  const entries = new Map(
    (member(root, "packages")?.children ?? []).map((property) => [
      String(property.children?.[0]?.value),
      property.offset,
    ]),
  );
  const rules = (member(root, "rules")?.children ?? []).map(({ offset }) => offset);
  return { text, starts, entries, rules };
}

function member(node: Node | undefined, name: string): Node | undefined {
  return node?.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1];
}

function entryLine(indexed: Indexed | undefined, locations: readonly string[], name: string | null): number {
  if (indexed === undefined) return 1;
  const entry = locations.map((location) => indexed.entries.get(location)).find((offset) => offset !== undefined);
  if (entry !== undefined) return lineAt(indexed, entry);
  // Other lockfiles: the first line that has the name as a word of its own.
  const word = name === null ? null : new RegExp(`(?<![\\w.@/-])${escape(name)}(?![\\w./-])`, "i");
  const found = word === null ? -1 : indexed.text.search(word);
  return found < 0 ? 1 : lineAt(indexed, found);
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}

function ruleLine(indexed: Indexed | undefined, rule: string | null): number {
  const at = Number(/^rules\[(\d+)\]/.exec(rule ?? "")?.[1] ?? Number.NaN);
  const offset = indexed?.rules[at];
  return indexed === undefined || offset === undefined ? 1 : lineAt(indexed, offset);
}

/** The number of line starts that are not after the offset. */
function lineAt({ starts }: Indexed, offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
