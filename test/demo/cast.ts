import type { RegistryPackage } from "../support/registry.ts";
import {
  azurePipelinesIdentity,
  githubIdentity,
  gitlabIdentity,
  type Identity,
  type Instance,
} from "../support/sigstore.ts";
import { hexOf, makeTarball, type PackageContent } from "../support/tarball.ts";

export const AZURE = {
  organization: "0f4b7f9e-5a53-4c3c-8f5e-6f1f2f3a4b5c",
  project: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
  definitionId: "42",
} as const;

/** Every package of the play. */
export interface Cast {
  /** What the shop depends on, each signed by the pipeline that the policy names. */
  readonly published: readonly RegistryPackage[];
  /** The next version of the widget: validly signed, by another repository of the same company. */
  readonly fromPlayground: RegistryPackage;
  /** The widget's version with other bytes, beside the genuine evidence. */
  readonly tampered: RegistryPackage;
}

export async function makeCast(instance: Instance): Promise<Cast> {
  const widget = await signed(instance, widgetContent("2.1.0", "ACME"), acme("widget", "2.1.0"));
  return {
    published: [widget, await signed(instance, LEDGER, CONTOSO), await signed(instance, COLOURS, TANUKI)],
    fromPlayground: await signed(instance, widgetContent("2.2.0", "ACME"), acme("playground", "2.2.0")),
    tampered: { ...widget, tarball: makeTarball(widgetContent("2.1.0", "Mallory")) },
  };
}

const LEDGER: PackageContent = {
  name: "@contoso/ledger",
  version: "5.0.3",
  files: { "index.js": "exports.euros = (amount) => `${amount.toFixed(2)} EUR`;\n" },
};

const COLOURS: PackageContent = {
  name: "@tanuki/colours",
  version: "1.4.0",
  files: { "index.js": "exports.frame = (text) => `[ ${text} ]`;\n" },
};

function widgetContent(version: string, payee: string): PackageContent {
  const source = `exports.price = 21;\nexports.payee = ${JSON.stringify(payee)};\n`;
  return { name: "@acme/widget", version, files: { "index.js": source } };
}

function acme(repository: string, version: string): Identity {
  const workflow = ".github/workflows/release.yml";
  return githubIdentity({ repository: `acme/${repository}`, workflow, ref: `refs/tags/v${version}` });
}

const CONTOSO = azurePipelinesIdentity({ ...AZURE, ref: "refs/heads/main" });
const TANUKI = gitlabIdentity({ project: "tanuki/colours", ref: "refs/heads/main" });

async function signed(instance: Instance, content: PackageContent, identity: Identity): Promise<RegistryPackage> {
  const tarball = makeTarball(content);
  const name = `pkg:npm/${content.name.replace("@", "%40")}@${content.version}`;
  const bundle = await instance.attest({ identity, subjects: [{ name, digest: { sha512: hexOf(tarball) } }] });
  const predicateType = "https://slsa.dev/provenance/v1";
  return { ...content, tarball, attestations: { bundles: [{ predicateType, bundle }] } };
}
