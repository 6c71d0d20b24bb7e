import { TRAITS } from "./index.ts";
import { type Ecosystem, ECOSYSTEMS } from "../model/package.ts";

interface Purl {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  /** null: no version was written. */
  readonly version: string | null;
}

const PURL = new RegExp(`^pkg:(${ECOSYSTEMS.join("|")})/((?:(?:%40|@)[^/@?#]+/)?[^/@?#]+)(?:@([^/@?#]+))?$`);

/** Reads a package URL (purl-spec) of our types, without qualifiers and subpath; null where it is not one. */
export function parsePurl(text: string): Purl | null {
  const [, type, path, versionText] = PURL.exec(text) ?? [];
  if (type === undefined || path === undefined) return null;
  const name = decode(path);
  const version = versionText === undefined ? null : decode(versionText);
  if (name === null || !isName(type as Ecosystem, name)) return null;
  if (versionText !== undefined && (version === null || !/^[^\s/@]+$/.test(version))) return null;
  return { ecosystem: type as Ecosystem, name, version };
}

/** The purl of one version; scoped npm names keep their slash and lose their `@` to `%40`. */
export function formatPurl({ ecosystem, name, version }: Purl): string {
  const path = name.split("/").map(encodeURIComponent).join("/");
  return `pkg:${ecosystem}/${path}${version === null ? "" : `@${encodeURIComponent(version)}`}`;
}

/** Whether a name may stand in a policy: what the ecosystem's registries admit (ASCII). */
export function isName(ecosystem: Ecosystem, name: string): boolean {
  return TRAITS[ecosystem].name.test(name) && name.length <= 214;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
