import { LIMITS } from "./limits.ts";
import { type JSONVisitor, visit } from "jsonc-parser";

/** Not JSON in the strict sense (RFC 8259 without duplicate names, RFC 7493). `offset` counts UTF-16 units. */
export class JsonError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
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
  refuseDuplicateNames(text);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new JsonError(error instanceof Error ? error.message : String(error), firstFault(text));
  }
}

function refuseDuplicateNames(text: string): void {
  const open: Set<string>[] = [];
  let depth = 0;
  const enter = (offset: number) => {
    if (++depth > LIMITS.jsonDepth) throw new JsonError(`nested deeper than ${LIMITS.jsonDepth}`, offset);
  };
  visit(text, {
    onObjectBegin: (offset) => (enter(offset), open.push(new Set()), undefined),
    onObjectEnd: () => (depth--, void open.pop()),
    onArrayBegin: (offset) => enter(offset),
    onArrayEnd: () => void depth--,
    onObjectProperty: (name, offset) => {
      const names = open.at(-1);
      if (names?.has(name)) throw new JsonError(`duplicate name "${name}"`, offset);
      names?.add(name);
    },
  } satisfies JSONVisitor);
}

/** The offset of the first error, for messages with line and column. */
function firstFault(text: string): number {
  let fault = -1;
  try {
    visit(text, { onError: (_, offset) => void (fault = fault < 0 ? offset : fault) }, { disallowComments: true });
  } catch {
    // Nesting that exhausts the stack has no better place than the beginning.
  }
  return Math.max(fault, 0);
}
