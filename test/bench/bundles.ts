import { attested, contentOf, purlOf } from "./packages.ts";
import { createInstance } from "../support/sigstore.ts";
import { repositoryRoot } from "../support/root.ts";
import type { EvidenceBundle } from "../../src/model/evidence.ts";
import type { TrustRoot } from "../../src/model/trust.ts";
import type { Subject } from "../../src/verify/verifier.ts";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** Bundles under one root, each with the package that it is about. */
export interface Trial {
  readonly name: string;
  readonly root: TrustRoot;
  readonly items: readonly { readonly evidence: EvidenceBundle; readonly subject: Subject }[];
}

const THRESHOLDS = { tlog: 1, sct: 1, timestamps: 1 } as const;

/** As many as wanted, all different. */
export async function mintedBundles(count: number): Promise<Trial> {
  const instance = await createInstance();
  const items = [];
  for (let n = 1; n <= count; n++) {
    const content = contentOf(n);
    const hex = createHash("sha512").update(content.name).digest("hex");
    const bundle = await attested(instance, content, hex);
    items.push(itemOf(content.name, bundle, purlOf(content.name, content.version), hex));
  }
  const root = { id: "minted", name: "minted", json: instance.trustedRoot, thresholds: THRESHOLDS };
  return { name: `${count} minted`, root, items };
}

const REAL = [
  "nuxt@3.13.0",
  "sigstore@1.3.0",
  "sigstore@2.0.0",
  "sigstore@2.1.0",
  "sigstore@5.0.0",
  "tuf-js@1.0.0",
  "@laurentsimon/provenance-npm-test@1.0.5",
] as const;

/** The real provenance bundles of the corpus; null where it is not there. */
export function corpusBundles(): Trial | null {
  const corpus = process.env["SAFE_INSTALL_CORPUS"] ?? join(repositoryRoot(), "../shared/corpus");
  if (!existsSync(join(corpus, "manifest.json"))) return null;
  const json = (path: string): unknown => JSON.parse(readFileSync(join(corpus, path), "utf8"));
  const items = REAL.flatMap((name) => {
    const { attestations } = json(`npm/${name}/attestations.json`) as Attestations;
    return attestations.filter(isProvenance).map(({ bundle }) => realItem(name, bundle));
  });
  const root = json("sigstore/trust/public-good.trusted_root.json");
  return {
    name: `${items.length} real ones of npm`,
    root: { id: "public-good", name: "public-good", json: root, thresholds: THRESHOLDS },
    items,
  };
}

interface Attestations {
  readonly attestations: readonly { readonly predicateType: string; readonly bundle: Bundle }[];
}

interface Bundle {
  readonly dsseEnvelope: { readonly payload: string };
}

function isProvenance({ predicateType }: { readonly predicateType: string }): boolean {
  return predicateType.startsWith("https://slsa.dev/provenance/");
}

function realItem(name: string, bundle: Bundle) {
  const payload = Buffer.from(bundle.dsseEnvelope.payload, "base64").toString("utf8");
  const [subject] = (JSON.parse(payload) as { readonly subject: readonly RealSubject[] }).subject;
  if (subject === undefined) throw new Error(`${name} has no subject`);
  return itemOf(name, bundle, subject.name, subject.digest.sha512);
}

interface RealSubject {
  readonly name: string;
  readonly digest: { readonly sha512: string };
}

function itemOf(location: string, bundle: unknown, name: string, hex: string): Trial["items"][number] {
  const digests = [{ algorithm: "sha512", hex }] as const;
  return { evidence: { source: "file", location, bundle }, subject: { names: [name], digests, bytes: null } };
}
