import { type Artifact, type Evidence, type Host, LIMITS } from "../../src/plugin.ts";
import { readDocument } from "../../src/evidence/document.ts";
import { download, type Feed } from "./feed.ts";
import { dataOf } from "./unzip.ts";
import { readZip, ZipFault } from "./zip.ts";

/** What holds a bundle in a companion package. */
const BUNDLE = /\.(?:sigstore(?:\.json)?|intoto\.jsonl)$/;

/**
 * Looks for bundles in a package of the same version under a name of its own (`{id}.Sigstore`), for feeds that hold
 * nothing but packages. The companion is not believed in anything: the bundles in it prove themselves.
 */
export async function askCompanion(
  template: string,
  feed: Feed,
  { package: ref }: Artifact,
  host: Host,
): Promise<readonly Evidence[]> {
  const name = template.replaceAll("{id}", ref.name);
  const found = await download(feed, { name, version: ref.version }, host);
  return found === null ? [] : readBundles(found.bytes, found.location);
}

function readBundles(bytes: Buffer, location: string): readonly Evidence[] {
  try {
    const entries = readZip(bytes).entries.filter(({ name }) => BUNDLE.test(name));
    return entries.flatMap((entry) => {
      const text = dataOf(entry, bytes, LIMITS.evidenceBytes).toString("utf8");
      return readDocument(text, "companion", `${location}#${entry.name}`);
    });
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    return [{ source: "companion", location, malformed: `not a package: ${error.message}` }];
  }
}
