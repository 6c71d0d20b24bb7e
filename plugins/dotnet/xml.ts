import { type ParserOptions, parseXml, XmlElement } from "@rgrove/parse-xml";

export type { XmlElement } from "@rgrove/parse-xml";

/** Not well-formed XML. */
export class XmlFault extends Error {}

/** The root element. Neither external nor own entities are expanded. @throws XmlFault */
export function parseRoot(text: string): XmlElement {
  return parse(text.replace(/^\uFEFF/, ""), {});
}

function parse(text: string, options: ParserOptions): XmlElement {
  try {
    const { root } = parseXml(text, options);
    if (root !== null) return root;
  } catch (error) {
    throw new XmlFault((error as Error).message.split("\n")[0] ?? "not XML", { cause: error });
  }
  throw new XmlFault("there is no root element");
}

/** As `parseRoot`, with the place of each element in the text: `start` and `end`. @throws XmlFault */
export function parsePlaced(text: string): XmlElement {
  return parse(text, { includeOffsets: true });
}

/** Child elements, of one name where given. NuGet and MSBuild read names without their namespace. */
export function children(parent: XmlElement, name?: string): readonly XmlElement[] {
  const elements = parent.children.filter((node): node is XmlElement => node instanceof XmlElement);
  return name === undefined ? elements : elements.filter((one) => localName(one) === name);
}

/** Every element below, in document order. */
export function descendants(parent: XmlElement): readonly XmlElement[] {
  const found: XmlElement[] = [];
  // Without recursion: a document may be as deep as it is long.
  const open = children(parent).toReversed();
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    found.push(one);
    for (const child of children(one).toReversed()) open.push(child);
  }
  return found;
}

export function localName({ name }: XmlElement): string {
  return name.slice(name.indexOf(":") + 1);
}

/** An attribute: the one that is spelled so, else one under another spelling of its name in ASCII case; null where there is none. */
export function attribute({ attributes }: XmlElement, name: string): string | null {
  if (Object.hasOwn(attributes, name)) return attributes[name] ?? null;
  const found = Object.keys(attributes).find((key) => key.toLowerCase() === name.toLowerCase());
  return found === undefined ? null : (attributes[found] ?? null);
}
