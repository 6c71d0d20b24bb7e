import { parseJson } from "../json.ts";
import type { HeldTrust } from "../model/trust.ts";
import type { TrustRepository } from "./repository.ts";
import { NotServed, type Serve } from "./update.ts";

/** What `trust pin` writes and `trust update --offline-bundle` takes: repositories as they are held, with the roots between. */
export interface TrustBundle {
  readonly repositories: readonly CarriedRepository[];
}

export interface CarriedRepository {
  /** For people. */
  readonly name: string;
  readonly mirror: string;
  readonly held: HeldTrust;
}

const TYPE = "application/vnd.safe-install.trust+json;version=1";

/** Text of a bundle, to be carried over an air gap. */
export function encodeBundle({ repositories }: TrustBundle): string {
  const each = repositories.map(({ name, mirror, held: { checkedAt, metadata, targets } }) => ({
    name,
    mirror,
    checkedAt: checkedAt.toISOString(),
    metadata: encoded(metadata),
    targets: encoded(targets),
  }));
  return `${JSON.stringify({ mediaType: TYPE, repositories: each }, null, 2)}\n`;
}

/** Nothing in it is believed yet. @returns null where it is no such file */
export function decodeBundle(file: Buffer): TrustBundle | null {
  try {
    const read = parseJson(file.toString("utf8")) as {
      readonly mediaType?: unknown;
      readonly repositories: readonly Written[];
    };
    if (read.mediaType !== TYPE) return null;
    const repositories = read.repositories.map(({ name, mirror, checkedAt, metadata, targets }) => {
      const held = { checkedAt: new Date(String(checkedAt)), metadata: decoded(metadata), targets: decoded(targets) };
      return { name: String(name), mirror: String(mirror), held };
    });
    if (!repositories.every(({ held }) => isPlain(held))) return null;
    return { repositories };
  } catch {
    return null;
  }
}

/** Names of metadata become names of files; and what does not say how old it is would be young. */
function isPlain({ metadata, checkedAt }: HeldTrust): boolean {
  return (
    !Number.isNaN(checkedAt.getTime()) && Object.keys(metadata).every((name) => /^[\w%-][\w.%-]*\.json$/.test(name))
  );
}

interface Written {
  readonly name: unknown;
  readonly mirror: unknown;
  readonly checkedAt: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly targets: Readonly<Record<string, unknown>>;
}

/**
 * Serves a carried repository as its mirror would: whoever takes it judges it by the chain from a root of his own. Versions
 * and digests in names are the mirror's way to tell files apart, and are left out here.
 */
export function servedFrom(
  { held }: Pick<CarriedRepository, "held">,
  { mirror }: Pick<TrustRepository, "mirror">,
): Serve {
  return (url, maxBytes) => {
    const path = decodeURIComponent(url.slice(mirror.length + 1));
    const found = path.startsWith("targets/") ? targetIn(held, path.slice("targets/".length)) : metadataIn(held, path);
    if (found === undefined) return Promise.reject(new NotServed(url, 404));
    if (found.length > maxBytes) return Promise.reject(new Error(`${path} is larger than ${maxBytes} bytes`));
    return Promise.resolve(found);
  };
}

/** `7.root.json` is a file of the chain; any other number stands for the one that is there. */
function metadataIn({ metadata }: HeldTrust, path: string): Buffer | undefined {
  const own = metadata[path] ?? metadata[encodeURIComponent(path)];
  if (own !== undefined || /^\d+\.root\.json$/.test(path)) return own;
  const bare = path.replace(/^\d+\./, "");
  return metadata[bare] ?? metadata[encodeURIComponent(bare)];
}

function targetIn({ targets }: HeldTrust, path: string): Buffer | undefined {
  return targets[path] ?? targets[path.replace(/(^|\/)[0-9a-f]{64,128}\./, "$1")];
}

function encoded(files: Readonly<Record<string, Buffer>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.toString("base64")]));
}

function decoded(files: Readonly<Record<string, unknown>>): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(String(text), "base64")]));
}
