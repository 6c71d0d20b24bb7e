import { type Node, parseTree } from "jsonc-parser";
import { alignment } from "./alignment.ts";
import { compareText } from "./sighting.ts";
import type { RecordedPackages } from "./plan.ts";

/**
 * The text of `after`, made from the text of `before` by touching only what differs: order, indentation, line ends and
 * the layout of what stays are kept, and what is new is laid out like its neighbours. Both are the values of the texts.
 * (Not by `modify` of jsonc-parser, which lays out by options that hold for the whole file.)
 */
export function editJson(text: string, after: unknown): string {
  const root = parseTree(text);
  if (root === undefined) return render(after, dialectOf(text), 0);
  const edits = change(root, after, text).toSorted((left, right) => right.from - left.from || right.to - left.to);
  return edits.reduce((result, { from, to, by }) => result.slice(0, from) + by + result.slice(to), text);
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

function change(node: Node, after: unknown, text: string): readonly Edit[] {
  if (JSON.stringify(valueOf(node)) === JSON.stringify(after)) return [];
  if (node.type === "object" && isObject(after)) return changeObject(node, after, text);
  if (node.type === "array" && Array.isArray(after)) return changeArray(node, after, text);
  return [{ from: node.offset, to: node.offset + node.length, by: render(after, dialectOf(text), depthOf(node)) }];
}

interface Item {
  readonly node: Node;
  /** null: it goes. */
  readonly edits: readonly Edit[] | null;
}

function changeObject(node: Node, after: Readonly<Record<string, unknown>>, text: string): readonly Edit[] {
  const members = node.children ?? [];
  const items = members.map((member) => {
    const [key, value] = member.children ?? [];
    const name = String(key?.value);
    const stays = Object.hasOwn(after, name) && value !== undefined;
    return { node: member, edits: stays ? change(value, after[name], text) : null };
  });
  const names = members.map((member) => String(member.children?.[0]?.value));
  const added = Object.keys(after).filter((name) => !names.includes(name));
  const fresh = added.map((name) => ({
    after: names.length - 1,
    text: (depth: number) =>
      `${JSON.stringify(name)}: ${render(after[name], dialectOf(text), depth, isWide(node, text))}`,
  }));
  return assemble(node, items, fresh, text);
}

function changeArray(node: Node, after: readonly unknown[], text: string): readonly Edit[] {
  const children = node.children ?? [];
  const steps = alignment(
    children.map((child) => JSON.stringify(valueOf(child))),
    after.map((one) => JSON.stringify(one)),
  );
  const items: Item[] = children.map((child, at) => {
    const to = steps.pairs.get(at);
    return { node: child, edits: to === undefined ? null : change(child, after[to], text) };
  });
  const fresh = steps.added.map(({ index, behind }) => ({
    after: behind,
    text: (depth: number) => render(after[index], dialectOf(text), depth, isWide(children.at(-1) ?? node, text)),
  }));
  return assemble(node, items, fresh, text);
}

interface Fresh {
  /** The index of the old item that it comes after; -1: in front. */
  readonly after: number;
  readonly text: (depth: number) => string;
}

/** Replaces a container's inside piece by piece; where nothing is added or goes, only the inner edits remain. */
function assemble(node: Node, items: readonly Item[], fresh: readonly Fresh[], text: string): readonly Edit[] {
  if (fresh.length === 0 && items.every(({ edits }) => edits !== null))
    return items.flatMap(({ edits }) => edits ?? []);
  const depth = depthOf(node) + 1;
  const at = (index: number) => fresh.filter(({ after }) => after === index).map((one) => one.text(depth));
  const parts = [
    ...at(-1),
    ...items.flatMap((item, index) => [...(item.edits === null ? [] : [apply(item, text)]), ...at(index)]),
  ];
  const [from, to] = [node.offset + 1, node.offset + node.length - 1];
  return [{ from, to, by: layOut(node, parts, text, depth) }];
}

function apply({ node, edits }: Item, text: string): string {
  const source = text.slice(node.offset, node.offset + node.length);
  return [...(edits ?? [])]
    .toSorted((left, right) => right.from - left.from)
    .reduce(
      (result, { from, to, by }) => result.slice(0, from - node.offset) + by + result.slice(to - node.offset),
      source,
    );
}

/** As the container was laid out: on one line, or an item a line. */
function layOut(node: Node, parts: readonly string[], text: string, depth: number): string {
  if (parts.length === 0) return "";
  const { indent, newline } = dialectOf(text);
  const children = node.children ?? [];
  const [first, second] = children;
  const oneLine = first !== undefined && !text.slice(node.offset, first.offset).includes("\n");
  if (oneLine) {
    const gap = second === undefined ? ", " : text.slice(first.offset + first.length, second.offset);
    const end = children.at(-1);
    const tail = end === undefined ? "" : text.slice(end.offset + end.length, node.offset + node.length - 1);
    return text.slice(node.offset + 1, first.offset) + parts.join(gap) + tail;
  }
  const lead = newline + indent.repeat(depth);
  return `${lead}${parts.join(`,${lead}`)}${newline}${indent.repeat(depth - 1)}`;
}

/** Spread over several lines. */
function isWide(node: Node, text: string): boolean {
  return text.slice(node.offset, node.offset + node.length).includes("\n");
}

/** How many containers it is in. */
function depthOf(node: Node): number {
  let depth = 0;
  for (let at = node.parent; at !== undefined; at = at.parent) if (at.type !== "property") depth++;
  return depth;
}

function valueOf(node: Node): unknown {
  if (node.type === "array") return (node.children ?? []).map(valueOf);
  if (node.type !== "object") return node.value;
  return Object.fromEntries(
    (node.children ?? []).map(({ children: [key, value] = [] }) => [String(key?.value), value && valueOf(value)]),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** How a JSON file is laid out. */
interface Dialect {
  readonly indent: string;
  readonly newline: string;
}

function dialectOf(text: string): Dialect {
  const [, indent = "  "] = /\n([ \t]+)\S/.exec(text) ?? [];
  return { indent, newline: text.includes("\r\n") ? "\r\n" : "\n" };
}

/** Columns that a line may have before it is broken. */
const WIDTH = 100;

/** A value in a dialect, at a depth; `wide` false: on one line where that is short enough. */
function render(value: unknown, dialect: Dialect, depth: number, wide = true): string {
  const short = oneLine(value);
  const isPlain =
    typeof value !== "object" || value === null || Object.values(value).every((one) => typeof one !== "object");
  if ((!wide || (isPlain && Array.isArray(value) && value.length === 1)) && short.length <= WIDTH) return short;
  return spread(value, dialect, depth);
}

function spread(value: unknown, dialect: Dialect, depth: number): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((one) => render(one, dialect, depth + 1))
    : Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${render(one, dialect, depth + 1)}`);
  const [open, close] = isList ? "[]" : "{}";
  if (parts.length === 0) return `${open}${close}`;
  const lead = dialect.newline + dialect.indent.repeat(depth + 1);
  return `${open}${lead}${parts.join(`,${lead}`)}${dialect.newline}${dialect.indent.repeat(depth)}${close}`;
}

function oneLine(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  const members = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${oneLine(one)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** The recorded file: one line for each version, in the order of its purl, so that a change is a small diff. */
export function recordedText(packages: RecordedPackages): string {
  const lines = [...packages]
    .toSorted(([left], [right]) => compareText(left, right))
    .map(([purl, digests]) => `    ${JSON.stringify(purl)}: [${digests.map((one) => JSON.stringify(one)).join(", ")}]`);
  const body = lines.length === 0 ? "" : `\n${lines.join(",\n")}\n  `;
  return `{\n  "version": 1,\n  "packages": {${body}}\n}\n`;
}
