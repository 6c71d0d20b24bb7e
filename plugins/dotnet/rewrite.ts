import { parsePlaced, type XmlElement, XmlFault } from "./xml.ts";

/**
 * An XML file with other text in the place of some elements (in the order in which they stand); every other byte stays. What
 * `change` sees and says has one character for each byte. Null: it is no XML whose ASCII is ASCII, or nothing is to be changed.
 */
export function rewritten(
  content: Buffer,
  change: (root: XmlElement) => readonly (readonly [element: XmlElement, text: string])[],
): Buffer | null {
  const mark = content.subarray(0, 3).toString("hex") === "efbbbf" ? 3 : 0;
  const text = content.subarray(mark).toString("latin1");
  const root = rootOf(text);
  const changes = root === null ? [] : change(root);
  if (changes.length === 0) return null;
  let [kept, at] = ["", 0];
  for (const [{ start, end }, instead] of changes) {
    kept += text.slice(at, start) + instead;
    at = end;
  }
  return Buffer.concat([content.subarray(0, mark), Buffer.from(kept + text.slice(at), "latin1")]);
}

function rootOf(text: string): XmlElement | null {
  try {
    return parsePlaced(text);
  } catch (error) {
    if (error instanceof XmlFault) return null;
    throw error;
  }
}

/** Text of an attribute between double quotes. */
export function inAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
