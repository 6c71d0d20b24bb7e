import { Buffer } from "node:buffer";
import { BACKSLASH, COLON, JsonError, LIST, LIST_END, OBJECT, OBJECT_END, QUOTE } from "./json.ts";
import { LIMITS } from "./limits.ts";

/** What of a text is read: all of a value, or of an object these members. */
export type SoughtMembers = true | ReadonlyMap<string, SoughtMembers>;

/** Takes a text in pieces. */
export interface Thin {
  readonly take: (chunk: Buffer) => void;
  /** What was sought, as a text of its own. @throws JsonError */
  readonly end: () => string;
}

/**
 * Keeps of a JSON text only what is sought, as it comes: a document of a hundred megabytes costs no more than what is read
 * of it. What is left out is looked at for its strings and brackets only; a sought name that comes twice is kept twice, so
 * that `parseJson` refuses it. Where an object was expected and something else came, that is kept as it is.
 * @param maxBytes of what is kept
 */
export function thinJson(sought: SoughtMembers, maxBytes: number): Thin {
  const kept: Buffer[] = [];
  let size = 0;
  let fault: JsonError | null = null;
  const around: Frame[] = [];
  let expects: Expects = "value";
  let wanted: SoughtMembers | undefined = sought;
  let value: Value | null = null;
  let name: Name | null = null;
  return { take, end };

  /** The first fault is the answer; what comes behind it is not looked at. */
  function take(chunk: Buffer): void {
    if (fault !== null) return;
    try {
      for (let at = 0; at < chunk.length;) at = step(chunk, at);
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      fault = error;
    }
  }

  function end(): string {
    if (fault !== null) throw fault;
    return Buffer.concat(kept).toString("utf8");
  }

  function step(chunk: Buffer, at: number): number {
    if (value !== null) return inValue(chunk, at, value);
    if (name !== null) return inName(chunk, at, name);
    const byte = chunk[at] as number;
    if (isBlank(byte)) return at + 1;
    if (expects === "value") return startValue(byte, at);
    const frame = around.at(-1);
    if (frame === undefined) throw new JsonError("something behind its end", null);
    if (byte === OBJECT_END && expects !== "name" && expects !== "colon") return endObject(at);
    if (byte === QUOTE && (expects === "first" || expects === "name")) name = { bytes: [], size: 0, isEscaped: false };
    else if (byte === COLON && expects === "colon") expects = "value";
    else if (byte === COMMA && expects === "comma") expects = "name";
    else throw new JsonError("an object that is none", null);
    return at + 1;
  }

  function startValue(byte: number, at: number): number {
    if (byte !== OBJECT || wanted === true || wanted === undefined) {
      // What is behind the only value belongs to it here, so that the parser says what is wrong.
      value = { ...NOTHING_YET, keeps: wanted !== undefined, isLast: around.length === 0, inner: [] };
      return at;
    }
    if (around.length === LIMITS.jsonDepth) throw new JsonError(`nested deeper than ${LIMITS.jsonDepth}`, null);
    around.push({ members: wanted, isEmpty: true });
    keep(Buffer.from("{"));
    expects = "first";
    return at + 1;
  }

  function endObject(at: number): number {
    around.pop();
    keep(Buffer.from("}"));
    expects = "comma";
    return at + 1;
  }

  function inName(chunk: Buffer, start: number, own: Name): number {
    let at = start;
    while (at < chunk.length && (own.isEscaped || chunk[at] !== QUOTE)) {
      own.isEscaped = !own.isEscaped && chunk[at] === BACKSLASH;
      at++;
    }
    own.bytes.push(Buffer.from(chunk.subarray(start, at)));
    own.size += at - start;
    if (own.size > NAME_BYTES) throw new JsonError(`a name of more than ${NAME_BYTES} bytes`, null);
    if (at === chunk.length) return at;
    const frame = around.at(-1) as Frame;
    const quoted = `"${Buffer.concat(own.bytes).toString("utf8")}"`;
    wanted = frame.members.get(textOf(quoted));
    if (wanted !== undefined) {
      keep(Buffer.from(`${frame.isEmpty ? "" : ","}${quoted}:`));
      frame.isEmpty = false;
    }
    name = null;
    expects = "colon";
    return at + 1;
  }

  function inValue(chunk: Buffer, start: number, own: Value): number {
    const at = own.isLast ? chunk.length : endOfValue(chunk, start, own);
    if (own.keeps) keep(Buffer.from(chunk.subarray(start, at)));
    if (!own.isOver) return at;
    value = null;
    expects = "comma";
    return at;
  }

  function keep(bytes: Buffer): void {
    size += bytes.length;
    if (size > maxBytes) throw new JsonError(`more than ${maxBytes} bytes of what is read`, null);
    kept.push(bytes);
  }
}

/** An object of which only some members are kept. */
interface Frame {
  readonly members: ReadonlyMap<string, SoughtMembers>;
  isEmpty: boolean;
}

/** What may come next: "first" is a name or the end, "comma" is a comma or the end. */
type Expects = "value" | "first" | "name" | "colon" | "comma";

interface Name {
  readonly bytes: Buffer[];
  size: number;
  isEscaped: boolean;
}

interface Value {
  readonly keeps: boolean;
  /** Nothing is around it. */
  readonly isLast: boolean;
  /** What closes the brackets that are open. */
  readonly inner: number[];
  isText: boolean;
  isEscaped: boolean;
  isOver: boolean;
}

const NOTHING_YET = { isText: false, isEscaped: false, isOver: false };

/** Where the value is over, or the chunk. */
function endOfValue(chunk: Buffer, start: number, own: Value): number {
  for (let at = start; at < chunk.length; at++) {
    const byte = chunk[at] as number;
    if (own.isText) {
      if (own.isEscaped) own.isEscaped = false;
      else if (byte === BACKSLASH) own.isEscaped = true;
      else if (byte === QUOTE) {
        own.isText = false;
        if (own.inner.length === 0) return over(own, at + 1);
      }
    } else if (byte === QUOTE) own.isText = true;
    else if (byte === OBJECT || byte === LIST) open(own, byte);
    else if (own.inner.length === 0 && (byte === COMMA || isEnd(byte) || isBlank(byte))) return over(own, at);
    else if (isEnd(byte)) {
      if (own.inner.pop() !== byte) throw new JsonError("brackets that do not belong together", null);
      if (own.inner.length === 0) return over(own, at + 1);
    }
  }
  return chunk.length;
}

function open({ inner }: Value, byte: number): void {
  if (inner.length === LIMITS.jsonDepth) throw new JsonError(`nested deeper than ${LIMITS.jsonDepth}`, null);
  inner.push(byte === OBJECT ? OBJECT_END : LIST_END);
}

function over(own: Value, at: number): number {
  own.isOver = true;
  return at;
}

/** A name may be written with escapes. */
function textOf(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new JsonError(`${quoted} is no name`, null);
  }
}

function isEnd(byte: number): boolean {
  return byte === OBJECT_END || byte === LIST_END;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Longer than any name of a package or version. */
const NAME_BYTES = 65_536;
const COMMA = 0x2c;
