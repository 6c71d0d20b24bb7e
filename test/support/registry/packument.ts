import type { AttestationsAnswer } from "./attestations.ts";
import { hexOf, manifestOf, type PackageContent } from "../tarball.ts";

/** A package on the registry: made from its content, or given as bytes (`tarball`) with the integrity that metadata state. */
export interface RegistryPackage extends PackageContent {
  readonly tarball?: Buffer;
  /** What `dist.integrity` says; the truth unless told. */
  readonly integrity?: string;
  /** What the attestations endpoint answers; 404 unless told. */
  readonly attestations?: AttestationsAnswer;
  /** ISO time of publication; shown in the full packument. */
  readonly published?: string;
  /** Registry signatures for `dist.signatures`. */
  readonly signatures?: readonly { readonly keyid: string; readonly sig: string }[];
}

export interface Published {
  readonly content: RegistryPackage;
  readonly bytes: Buffer;
  readonly integrity: string;
  readonly tarballUrl: string;
  readonly attestations: AttestationsAnswer | undefined;
  readonly attestationsUrl: string;
}

interface Packument {
  readonly name: string;
  readonly "dist-tags": Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, Record<string, unknown>>>;
  readonly time: Readonly<Record<string, string>>;
}

/** The full packument; the version published last is `latest`. */
export function packumentOf(versions: readonly [Published, ...Published[]]): Packument {
  const { name } = versions[0].content;
  const time = "2025-01-01T00:00:00.000Z";
  return {
    name,
    "dist-tags": { latest: (versions.at(-1) ?? versions[0]).content.version },
    versions: Object.fromEntries(versions.map((one) => [one.content.version, versionOf(one)])),
    time: {
      created: time,
      modified: time,
      ...Object.fromEntries(versions.map(({ content }) => [content.version, content.published ?? time])),
    },
  };
}

const ABBREVIATED: readonly string[] = [
  ..."name version dependencies optionalDependencies peerDependencies peerDependenciesMeta bundleDependencies".split(
    " ",
  ),
  ..."bin dist engines os cpu libc deprecated hasInstallScript _hasShrinkwrap".split(" "),
];

/** `application/vnd.npm.install-v1+json`. */
export function abbreviate(full: Packument): unknown {
  const pick = (version: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(version).filter(([key]) => ABBREVIATED.includes(key)));
  return {
    name: full.name,
    modified: full.time["modified"],
    "dist-tags": full["dist-tags"],
    versions: Object.fromEntries(Object.entries(full.versions).map(([version, one]) => [version, pick(one)])),
  };
}

function versionOf({
  content,
  bytes,
  integrity,
  tarballUrl,
  attestations,
  attestationsUrl,
}: Published): Record<string, unknown> {
  const scripts = content.scripts ?? {};
  const hasInstallScript = ["preinstall", "install", "postinstall"].some((script) => script in scripts);
  return {
    ...manifestOf(content),
    ...(hasInstallScript ? { hasInstallScript } : {}),
    dist: {
      tarball: tarballUrl,
      integrity,
      shasum: hexOf(bytes, "sha1"),
      ...(content.signatures === undefined ? {} : { signatures: content.signatures }),
      ...(attestations === undefined
        ? {}
        : { attestations: { url: attestationsUrl, provenance: { predicateType: "https://slsa.dev/provenance/v1" } } }),
    },
  };
}
