import { createInstance, githubIdentity, type Identity, type Instance, type Statement } from "./sigstore.ts";
import { hexOf } from "./tarball.ts";
import type { Registry, RegistryPackage } from "./registry.ts";

/** The pipeline that the tests' policies expect: `acme/NAME`, release.yml at the version's tag. */
export function pipelineOf(name: string, version: string): Identity {
  return githubIdentity({
    repository: `acme/${name.split("/").at(-1)}`,
    workflow: ".github/workflows/release.yml",
    ref: `refs/tags/v${version}`,
  });
}

/** Publishes a package together with the provenance that its pipeline would sign. */
export async function publishSigned(
  registry: Registry,
  instance: Instance,
  content: RegistryPackage,
  what: Partial<Statement> & { readonly identity?: Identity } = {},
): Promise<void> {
  registry.publish(content);
  const { name, version } = content;
  const bundle = await instance.attest({
    identity: pipelineOf(name, version),
    subjects: [subjectOf(registry, name, version)],
    ...what,
  });
  const predicateType = what.predicateType ?? "https://slsa.dev/provenance/v1";
  registry.setAttestations(name, version, { bundles: [{ predicateType, bundle }] });
}

export function subjectOf(registry: Registry, name: string, version: string) {
  const { bytes } = registry.tarballOf(name, version);
  return { name: `pkg:npm/${name.replace("@", "%40")}@${version}`, digest: { sha512: hexOf(bytes) } };
}

/** A policy that trusts the test instance and pins each named package to `acme/NAME`. */
export function policyFor(
  names: readonly string[],
  part: Readonly<Record<string, unknown>> = {},
  ecosystem = "npm",
): Record<string, unknown> {
  return {
    version: 1,
    trust: { test: { trustedRoot: "trust/root.json" } },
    signers: Object.fromEntries(names.map((name) => [signerName(name), signerFor(name)])),
    rules: names.map((name) => ({ packages: [`${ecosystem}:${name}`], signedBy: [signerName(name)] })),
    ...part,
  };
}

export function signerFor(name: string) {
  const repository = `acme/${name.split("/").at(-1)}`;
  const githubActions = { repository, workflow: ".github/workflows/release.yml", ref: "refs/tags/v{version}" };
  return { githubActions, trust: "test" };
}

export function signerName(name: string): string {
  return name.split("/").at(-1) ?? name;
}

export { createInstance };
