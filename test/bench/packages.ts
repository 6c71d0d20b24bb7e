import { pipelineOf, signerFor, signerName } from "../support/signed.ts";
import type { RegistryPackage } from "../support/registry.ts";
import type { Instance, Subject } from "../support/sigstore.ts";
import { hexOf, makeTarball, type PackageContent } from "../support/tarball.ts";

/** So many packages, each with a provenance of its own, in the shape of a tree: any prefix of the list is closed. */
export async function signedPackages(instance: Instance, count: number): Promise<readonly RegistryPackage[]> {
  const packages: RegistryPackage[] = [];
  for (let n = 1; n <= count; n++) packages.push(await signedPackage(instance, contentOf(n)));
  return packages;
}

export async function signedPackage(instance: Instance, content: PackageContent): Promise<RegistryPackage> {
  const tarball = makeTarball(content);
  const bundle = await attested(instance, content, hexOf(tarball));
  return {
    ...content,
    tarball,
    attestations: { bundles: [{ predicateType: "https://slsa.dev/provenance/v1", bundle }] },
  };
}

/** The provenance of one version, as its pipeline signs it. */
export function attested(instance: Instance, { name, version }: PackageContent, sha512: string) {
  const subjects: readonly Subject[] = [{ name: purlOf(name, version), digest: { sha512 } }];
  return instance.attest({ identity: pipelineOf(name, version), subjects, predicate: provenance(name, version) });
}

export function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

/** Pins every package to its own repository: as many rules and signers as packages, as `policy pin` writes them. */
export function policyOf(names: readonly string[]): unknown {
  return {
    version: 1,
    trust: { test: { trustedRoot: "trusted_root.json" } },
    signers: Object.fromEntries(names.map((name) => [signerName(name), signerFor(name)])),
    rules: names.map((name) => ({ packages: [`npm:${name}`], signedBy: [signerName(name)] })),
  };
}

/** About 25 kB packed in 16 files; the same bytes on every machine. */
export function contentOf(n: number): PackageContent {
  const words = wordsFrom(n);
  const files = Array.from({ length: 14 }, (_, file) => [`lib/part-${file}.js`, words(600)]);
  const parents = [...new Set([Math.floor(n / 2), Math.floor(n / 3)])].filter((parent) => parent > 0);
  return {
    name: nameOf(n),
    version: `1.${n % 10}.0`,
    files: Object.fromEntries(files) as Record<string, string>,
    dependencies: Object.fromEntries(parents.map((parent) => [nameOf(parent), `^1.${parent % 10}.0`])),
  };
}

/** Two of three are scoped. */
function nameOf(n: number): string {
  return n % 3 === 0 ? `bench-part-${n}` : `@bench/part-${n}`;
}

/** Text that packs to about half, from a linear congruential generator. */
function wordsFrom(seed: number): (count: number) => string {
  let state = (seed * 2654435761) % 4294967296;
  const next = () => (state = (state * 1664525 + 1013904223) % 4294967296);
  return (count) => `// ${Array.from({ length: count }, () => next().toString(36)).join(" ")}\n`;
}

/** As long as a real one of GitHub Actions. */
function provenance(name: string, version: string): unknown {
  const repository = `https://github.com/acme/${name.split("/").at(-1)}`;
  return {
    buildDefinition: {
      buildType: "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
      externalParameters: {
        workflow: { ref: `refs/tags/v${version}`, repository, path: ".github/workflows/release.yml" },
      },
      internalParameters: {
        github: { event_name: "push", repository_id: "123456789", repository_owner_id: "12345678" },
      },
      resolvedDependencies: [
        {
          uri: `git+${repository}@refs/tags/v${version}`,
          digest: { gitCommit: "0123456789abcdef0123456789abcdef01234567" },
        },
      ],
    },
    runDetails: {
      builder: { id: "https://github.com/actions/runner/github-hosted" },
      metadata: { invocationId: `${repository}/actions/runs/12345678901/attempts/1` },
    },
  };
}
