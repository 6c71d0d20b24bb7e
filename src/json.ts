import { LIMITS } from "./limits.ts";

/** Not JSON in the strict sense (RFC 8259 without duplicate names, RFC 7493). */
export class JsonError extends Error {
  /** In UTF-16 units; null where the text is no JSON at all and only a parser with places could say. */
  readonly offset: number | null;

  constructor(message: string, offset: number | null) {
    super(message);
    this.name = "JsonError";
    this.offset = offset;
  }
}

/**
 * Parses JSON as strictly as one can: no comments, no trailing commas, no duplicate names, no deep nesting.
 * Duplicate names matter because two readers of one signed text could otherwise see two statements.
 * @throws JsonError
 */
export function parseJson(text: string): unknown {
  const value = parse(text);
  readNames(text, (name, at) => {
    throw new JsonError(`duplicate name "${name}"`, at);
  });
  return value;
}

/** As `parseJson`; what is not strict JSON is whatever `otherwise` makes of the reason, or throws. */
export function parseJsonOr(text: string, otherwise: (why: string) => unknown): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return otherwise(error.message);
    throw error;
  }
}

/**
 * The same, but that of several members of one name the last counts, as for every reader of JavaScript's.
 * @returns also whether there are such
 * @throws JsonError
 */
export function parseJsonLastWins(text: string): { readonly value: unknown; readonly repeats: boolean } {
  const value = parse(text);
  let repeats = false;
  readNames(text, () => (repeats = true));
  return { value, repeats };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new JsonError(error instanceof Error ? error.message : String(error), null);
  }
}

/** One pass over a text that is JSON already: a string is a name exactly where a colon follows. */
function readNames(text: string, onRepeated: (name: string, at: number) => void): void {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case OBJECT:
      case LIST:
        open.push(new Set());
        if (open.length > LIMITS.jsonDepth) throw new JsonError(`nested deeper than ${LIMITS.jsonDepth}`, at);
        break;
      case OBJECT_END:
      case LIST_END:
        open.pop();
        break;
      case QUOTE: {
        const end = endOfString(text, at);
        if (isFollowedByColon(text, end)) addName(open.at(-1), text.slice(at, end), (name) => onRepeated(name, at));
        at = end - 1;
        break;
      }
      default:
    }
  }
}

/** Characters of the grammar (RFC 8259, section 2), which are bytes of UTF-8 as well. */
export const OBJECT = 0x7b;
export const OBJECT_END = 0x7d;
export const LIST = 0x5b;
export const LIST_END = 0x5d;
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const COLON = 0x3a;

function addName(names: Set<string> | undefined, quoted: string, onRepeated: (name: string) => void): void {
  const name = JSON.parse(quoted) as string;
  if (names?.has(name)) onRepeated(name);
  names?.add(name);
}

/** After the closing quote: the first one that an even number of backslashes precedes. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let before = quote;
    while (text.charCodeAt(before - 1) === BACKSLASH) before--;
    if ((quote - before) % 2 === 0) return quote + 1;
  }
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from;
  while (/\s/.test(text.charAt(at))) at++;
  return text.charCodeAt(at) === COLON;
}
