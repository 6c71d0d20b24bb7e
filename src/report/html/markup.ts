import { printable } from "../text.ts";

/** Markup of ours: nothing that comes from outside can be of this kind, whatever its members are. */
export interface Markup {
  readonly [MARKUP]: string;
}

const MARKUP = Symbol("markup");

/** What may stand in a template: text and numbers are escaped, markup stays, lists are joined, nothing is nothing. */
export type Filling = string | number | Markup | null | undefined | false | readonly Filling[];

/**
 * A piece of a page. Everything that is put into it is text, in an element or in a quoted attribute, unless it was made by
 * this very function: names and claims cannot become elements, attributes or entities.
 */
export function html(parts: TemplateStringsArray, ...contents: readonly Filling[]): Markup {
  const ours = parts.map((part) => part.replaceAll(/\s*\n\s*/g, "\n"));
  return { [MARKUP]: ours.map((part, at) => part + (at < contents.length ? written(contents[at]) : "")).join("") };
}

/** An element of ours that a browser reads as it is: a style or a script. Nothing from outside may be in it. */
export function verbatim(text: string): Markup {
  return { [MARKUP]: text };
}

export function textOf(markup: Markup): string {
  return markup[MARKUP];
}

function written(content: Filling): string {
  if (content === null || content === undefined || content === false) return "";
  if (typeof content === "string") return escaped(content);
  if (typeof content === "number") return String(content);
  if (MARKUP in content) return content[MARKUP];
  return content.map(written).join("");
}

/** Control characters and changes of direction are shown as what they are; the five signs of HTML become entities. */
function escaped(text: string): string {
  return text
    .split("\n")
    .map(printable)
    .join("\n")
    .replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
