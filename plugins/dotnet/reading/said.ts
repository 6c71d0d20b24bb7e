import { attribute, children, localName, type XmlElement } from "../xml.ts";
import { SAYS_PROPERTIES } from "./tables.ts";
import { membersOf, trimmed } from "./values.ts";

/** A property that an item says for the project that it is. */
export interface SaidProperty {
  readonly name: string;
  readonly value: string;
}

/** What the items of a group, or their definitions, say: a restore by the static graph reads a reference with these. */
export function saidIn(group: XmlElement): readonly SaidProperty[] {
  if (!/^Item(?:Definition)?Group$/.test(localName(group))) return [];
  return children(group).flatMap(textsOf).flatMap(membersOf).map(property);
}

function textsOf(item: XmlElement): readonly string[] {
  const attributes = Object.keys(item.attributes).filter((name) => SAYS_PROPERTIES.test(name));
  const metadata = children(item).filter((one) => SAYS_PROPERTIES.test(localName(one)));
  return [...attributes.map((name) => attribute(item, name) ?? ""), ...metadata.map(({ text }) => text)];
}

function property(member: string): SaidProperty {
  const at = member.indexOf("=");
  return at < 0 ? { name: member, value: "" } : { name: trimmed(member.slice(0, at)), value: member.slice(at + 1) };
}
