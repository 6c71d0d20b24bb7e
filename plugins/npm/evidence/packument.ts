import {
  type Artifact,
  type Host,
  JsonError,
  LIMITS,
  parseJson,
  type RegistrySignature,
  type SelfDescription,
  type SoughtMembers,
  type Thin,
} from "../../../src/plugin.ts";
import { type Registries, registryOf } from "../origin.ts";
import { request } from "../request.ts";

/** What is read of a packument for these versions: the rest of it may be a hundred megabytes. */
export function soughtOf(versions: readonly string[]): SoughtMembers {
  const version = new Map<string, SoughtMembers>([
    ["name", true],
    ["version", true],
    ["dist", new Map(["integrity", "signatures", "tarball"].map((name) => [name, true]))],
  ]);
  return new Map<string, SoughtMembers>([
    ["name", true],
    ["versions", new Map(versions.map((one) => [one, version]))],
    ["time", new Map(versions.map((one) => [one, true]))],
  ]);
}

/**
 * What a packument says of these versions: name, version, `dist.integrity`, `dist.signatures` and `time` (npm registry
 * API). A version that it does not have, without integrity or without signatures, is not among them; a wrong shape is
 * "malformed", never passed over.
 */
export function readPackument(
  thin: Pick<Thin, "end">,
  name: string,
  versions: readonly string[],
): Map<string, RegistrySignature> | { readonly malformed: string } {
  try {
    const packument = objectIn(parseJson(thin.end()), "the packument");
    const all = objectIn(packument["versions"], '"versions"');
    const time = packument["time"] === undefined ? {} : objectIn(packument["time"], '"time"');
    if (packument["name"] !== name) throw new Malformed(`a packument of ${JSON.stringify(packument["name"])}`);
    return new Map(
      versions.flatMap((version) =>
        signaturesOf(own(all, version), own(time, version)).map((one) => [version, one] as const),
      ),
    );
  } catch (error) {
    if (error instanceof Malformed || error instanceof JsonError) return { malformed: error.message };
    throw error;
  }
}

/** One that was read before, from our own text; null where it is none. */
export function readSignature(text: string): RegistrySignature | null {
  try {
    const { name, version, integrity, signatures, published } = objectIn(parseJson(text), "a signature");
    const [one = null] = signaturesOf({ name, version, dist: { integrity, signatures } }, published ?? undefined);
    return one;
  } catch (error) {
    if (error instanceof Malformed || error instanceof JsonError) return null;
    throw error;
  }
}

class Malformed extends Error {}

type Members = Readonly<Record<string, unknown>>;

function signaturesOf(manifest: unknown, published: unknown): readonly RegistrySignature[] {
  if (manifest === undefined) return [];
  const { name, version, dist = {} } = objectIn(manifest, "a version");
  const { integrity, signatures } = objectIn(dist, '"dist"');
  if (signatures === undefined || integrity === undefined) return [];
  if (!Array.isArray(signatures)) throw new Malformed('"signatures" is not a list');
  if (signatures.length === 0) return [];
  if (signatures.length > MOST) throw new Malformed(`more than ${MOST} signatures`);
  return [
    {
      name: textIn(name, '"name"'),
      version: textIn(version, '"version"'),
      integrity: textIn(integrity, '"integrity"'),
      signatures: signatures.map((one) => {
        const { keyid, sig } = objectIn(one, "a signature");
        return { keyid: textIn(keyid, '"keyid"'), sig: textIn(sig, '"sig"') };
      }),
      published: published === undefined ? null : textIn(published, '"time"'),
    },
  ];
}

/** Real ones have one or two: the old key's and the new one's. */
const MOST = 16;

function own(members: Members, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

function objectIn(value: unknown, what: string): Members {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Members;
  throw new Malformed(`${what} is not an object`);
}

function textIn(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  throw new Malformed(`${what} is not a text`);
}

/**
 * What the registry's metadata of one version (`GET {registry}/NAME/VERSION`) say of the package's repository.
 * Unsigned, so that a missing or wrong answer costs a question only.
 */
export async function describePackage(
  { package: { name, version } }: Artifact,
  registries: Registries,
  host: Host,
): Promise<SelfDescription> {
  if (host.offline) return NOTHING;
  try {
    const url = `${registryOf(name, registries)}${name.replace("/", "%2f")}/${encodeURIComponent(version)}`;
    const answer = await request(url, registries, host, { maxBytes: LIMITS.manifestBytes });
    const { repository } = (parseJson(answer.toString("utf8")) ?? {}) as { readonly repository?: unknown };
    const address =
      typeof repository === "object" && repository !== null && "url" in repository ? repository.url : repository;
    return typeof address === "string" ? { repository: address } : NOTHING;
  } catch {
    return NOTHING;
  }
}

const NOTHING: SelfDescription = { repository: null };
