import { printable } from "../text.ts";

/**
 * Text from outside as text: every sign that Markdown or HTML could read becomes an entity. What GitHub, GitLab or Azure
 * would look for in the text that comes of it (mentions, numbers of issues) is kept apart by a space without a width.
 */
export function asText(value: string): string {
  return entities(value).replaceAll(/&#(?:64|35|33|36|37|38|126);/g, "$&&#8203;");
}

/** The same as code, where lines stay lines: nothing in it is looked for by anybody. */
export function asCode(value: string): string {
  return `<code>${value.split("\n").map(entities).join("<br>")}</code>`;
}

function entities(value: string): string {
  return printable(value).replaceAll(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
