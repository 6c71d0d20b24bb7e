import { attribute, children, descendants, localName, type XmlElement } from "../xml.ts";
import { kindOf } from "./config-files.ts";

/**
 * What in a NuGet.config one version may read and another pass over: sections in other letters or twice, items that no
 * version knows, attributes in other letters, blanks around names and addresses. Whoever writes a file by hand or by a tool
 * has none of it.
 * @returns for people; null where there is nothing of the kind
 */
export function strangeShape(root: XmlElement): string | null {
  const seen = new Set<string>();
  for (const section of children(root)) {
    const name = localName(section);
    const known = SECTIONS.get(name.toLowerCase());
    if (known === undefined) continue;
    if (name !== known.name) return `<${name}> is ${known.name} to some versions of NuGet and nothing to others`;
    if (seen.has(name)) return `<${name}> is there twice: NuGet reads the first`;
    seen.add(name);
    const fault = strangeItem(section, known);
    if (fault !== null) return fault;
  }
  const odd = descendants(root).find((item) => ATTRIBUTES.some((name) => isOdd(item, name)));
  return odd === undefined ? null : `<${localName(odd)}> has an attribute with blanks around it, or in other letters`;
}

interface Section {
  readonly name: string;
  /** In lower case; null: any. */
  readonly items: readonly string[] | null;
  readonly within?: readonly string[];
}

const SECTIONS: ReadonlyMap<string, Section> = new Map(
  [
    ...["packageSources", "auditSources", "disabledPackageSources", "config", "fallbackPackageFolders"].map((name) => ({
      name,
      items: ["add", "clear"],
    })),
    { name: "packageSourceCredentials", items: null, within: ["add"] },
    { name: "packageSourceMapping", items: ["packagesource", "clear"], within: ["package"] },
    { name: "clientCertificates", items: ["filecert", "storecert", "clear"] },
  ].map((section: Section) => [section.name.toLowerCase(), section]),
);

function strangeItem(section: XmlElement, { name, items, within = [] }: Section): string | null {
  const keys = children(section).flatMap((item) => attribute(item, "key")?.toLowerCase() ?? []);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) return `"${twice}" is there twice in ${name}`;
  for (const item of children(section)) {
    if (items !== null && !items.includes(kindOf(item))) return `<${localName(item)}> is no item of ${name}`;
    const inner = children(item).find((one) => !within.includes(kindOf(one)));
    if (inner !== undefined) return `<${localName(inner)}> is no item of <${localName(item)}> in ${name}`;
  }
  return null;
}

/** Those that decide what is asked, and of whom. */
const ATTRIBUTES = ["key", "value", "pattern", "packageSource", "disableTLSCertificateValidation"];

function isOdd(item: XmlElement, name: string): boolean {
  const value = attribute(item, name);
  if (value === null) return false;
  // A password may have blanks.
  return !Object.hasOwn(item.attributes, name) || (value.trim() !== value && !isPassword(item));
}

function isPassword(item: XmlElement): boolean {
  return /password$/i.test(attribute(item, "key") ?? "");
}
