import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));

/** Real bundles and artifacts, kept outside of this repository: `SAFE_INSTALL_CORPUS`, or `../shared/corpus`. */
export const CORPUS = process.env["SAFE_INSTALL_CORPUS"] ?? resolve(HERE, "../../../shared/corpus");

export const hasCorpus = existsSync(join(CORPUS, "manifest.json"));

if (!hasCorpus) {
  console.warn(
    `The corpus of real bundles is not at ${CORPUS}: tests that need it are skipped. Set SAFE_INSTALL_CORPUS.`,
  );
}

export function corpusText(path: string): string {
  return readFileSync(join(CORPUS, path), "utf8");
}

/** A real package of the corpus, and the pipeline that really built it. */
export interface RealPackage {
  readonly name: string;
  readonly version: string;
  /** The attestations answer, relative to the corpus. */
  readonly answer: string;
  readonly signer: Readonly<Record<string, string>>;
  /** Its archive, where the corpus has it; otherwise the registry does. */
  readonly tarball?: string;
}

const SIGSTORE_JS = {
  repository: "sigstore/sigstore-js",
  workflow: ".github/workflows/release.yml",
  ref: "refs/heads/main",
  trigger: "push",
  runner: "github-hosted",
  repositoryId: "495574555",
} as const;

/** Every package of the corpus whose evidence holds: three bundle formats, both keys of publish attestations, a reusable workflow, first-generation certificates. */
export const REAL_PACKAGES: readonly RealPackage[] = [
  real("sigstore", "1.3.0", SIGSTORE_JS),
  real("sigstore", "2.0.0", SIGSTORE_JS),
  real("sigstore", "2.1.0", SIGSTORE_JS),
  real("sigstore", "5.0.0", SIGSTORE_JS),
  real("nuxt", "3.13.0", {
    repository: "nuxt/nuxt",
    workflow: ".github/workflows/release.yml",
    ref: "refs/tags/v{version}",
    trigger: "push",
  }),
  real("tuf-js", "1.0.0", {
    repository: "theupdateframework/tuf-js",
    workflow: ".github/workflows/publish.yml",
    ref: "refs/tags/v{version}",
    trigger: "release",
  }),
  {
    ...real("@laurentsimon/provenance-npm-test", "1.0.5", {
      repository: "laurentsimon/provenance-npm-test",
      workflow: ".github/workflows/release-slsa3.yml",
      ref: "refs/heads/main",
      trigger: "workflow_dispatch",
      signerWorkflow:
        "slsa-framework/slsa-github-generator/.github/workflows/delegator_lowperms-generic_slsa3.yml@refs/tags/v1.6.0",
    }),
    tarball: "npm/@laurentsimon/provenance-npm-test@1.0.5/provenance-npm-test-1.0.5.tgz",
  },
];

function real(name: string, version: string, signer: RealPackage["signer"]): RealPackage {
  return { name, version, answer: `npm/${name}@${version}/attestations.json`, signer };
}

/** The sha512 that the corpus' manifest says a package's subject has, as an SRI. */
export function genuineIntegrity(name: string, version: string): string {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const { files } = JSON.parse(corpusText("manifest.json")) as Manifest;
  const digests = files.flatMap(({ bundles = [] }) =>
    bundles
      .filter(({ verdict }) => verdict === "verifies")
      .flatMap(({ subjects }) => subjects ?? [])
      .filter((subject) => subject.name === purl)
      .map(({ digest }) => digest.sha512),
  );
  const [hex] = digests;
  if (hex === undefined) throw new Error(`the corpus has no subject ${purl}`);
  return `sha512-${Buffer.from(hex, "hex").toString("base64")}`;
}

interface Manifest {
  readonly files: readonly {
    readonly path: string;
    readonly bundles?: readonly {
      readonly verdict: string;
      readonly subjects?: readonly { readonly name: string; readonly digest: { readonly sha512?: string } }[];
    }[];
  }[];
}
