import { LIMITS } from "../../src/plugin.ts";
import { children, parseRoot, type XmlElement, XmlFault } from "./xml.ts";
import { dataOf } from "./unzip.ts";
import { readZip, ZipFault } from "./zip.ts";

/** What a package says it is. */
export interface Identity {
  readonly id: string;
  readonly version: string;
}

const AT_ROOT = /^[^/\\]+\.nuspec$/i;

/** Reads id and version from the one nuspec at the package's root. @throws ZipFault, XmlFault */
export function readIdentity(content: Buffer): Identity {
  const metadata = only(children(parseRoot(readNuspec(content)), "metadata"), "<metadata>");
  return { id: textOf(metadata, "id"), version: textOf(metadata, "version") };
}

/** NuGet takes the one at the root whose name ends in .nuspec, whatever its case; two would be two packages. */
function readNuspec(content: Buffer): string {
  const found = readZip(content).entries.filter(({ name }) => AT_ROOT.test(name) || AT_ROOT.test(unescaped(name)));
  if (found.length !== 1) throw new ZipFault(`${found.length} files at the root are named *.nuspec`);
  return dataOf(found[0]!, content, LIMITS.manifestBytes).toString("utf8");
}

/** NuGet reads percent-encoded names: what is the nuspec to either reader counts. */
function unescaped(name: string): string {
  return name.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function textOf(metadata: XmlElement, name: string): string {
  return only(children(metadata, name), `<${name}>`).text.trim();
}

function only(found: readonly XmlElement[], what: string): XmlElement {
  const [one] = found;
  if (one === undefined || found.length > 1) throw new XmlFault(`the nuspec has ${found.length} of ${what}`);
  return one;
}
