import { localName, parseRoot, type XmlElement, XmlFault } from "../xml.ts";

/**
 * The root of a file of MSBuild. `"no project"`: MSBuild would not take it for one. Null: it might, and it is not read here as
 * there (an encoding of its own, entities of its own).
 */
export function rootIn(content: Buffer): XmlElement | "no project" | null {
  const text = textOf(content);
  if (text === null) return null;
  try {
    const root = parseRoot(text);
    return /^(?:Project|solution)$/.test(localName(root).replace(/^solution$/i, "solution")) ? root : "no project";
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    return /<[^>]*Project/.test(text) ? null : "no project";
  }
}

/** Encodings in which ASCII is ASCII, and UTF-16 with its mark. */
export function textOf(content: Buffer): string | null {
  if (content.subarray(0, 4).toString("hex") === "fffe0000") return null;
  const [first, second] = content;
  if (first === 0xff && second === 0xfe) return content.toString("utf16le");
  if (first === 0xfe && second === 0xff)
    return Buffer.from(content.subarray(0, content.length & ~1))
      .swap16()
      .toString("utf16le");
  const text = content.toString("utf8");
  const [, encoding = "utf-8"] = /^\uFEFF?<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']/i.exec(text) ?? [];
  const isPlain = /^(?:utf-?8|us-ascii|iso-8859-\d+|windows-125\d)$/i.test(encoding);
  if (isPlain && !text.includes("\0")) return text;
  return content.length > 3 && /<\0|\0<|^\uFEFF?\s*</.test(text) ? null : "";
}
