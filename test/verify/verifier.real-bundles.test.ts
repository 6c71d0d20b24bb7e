import { describe, expect, test } from "vitest";
import { publicGoodRoot, registryKeys } from "../../src/project/trust.ts";
import { type Digest, digestOf } from "../../src/model/digest.ts";
import type { Evidence } from "../../src/model/evidence.ts";
import type { Thresholds } from "../../src/model/trust.ts";
import { heldKey } from "../../src/verify/trust/held-key.ts";
import { createVerifier } from "../../src/verify/verifier.ts";
import { digestsOf, fromCorpus, hasCorpus, jsonFromCorpus, rootFromCorpus } from "./corpus.ts";

interface Subject {
  readonly name?: string;
  readonly digest?: Readonly<Record<string, string>>;
}

interface RealBundle {
  readonly file: string;
  readonly expected: "accept" | "reject" | "either";
  readonly artifact: string | null;
  readonly key: string | null;
  readonly trustRoot: string;
  readonly thresholds: Thresholds;
  readonly subjects?: readonly Subject[];
}

interface ManifestFile {
  readonly path: string;
  readonly kind: string;
  readonly expected?: "accept" | "reject" | "either";
  readonly artifact?: string;
  readonly bundles?: readonly {
    readonly verdict: string;
    readonly trustRoot: string;
    readonly thresholds: Thresholds;
    readonly subjects?: readonly Subject[];
  }[];
}

const { bundles } = (hasCorpus ? jsonFromCorpus("sigstore/bundles.json") : { bundles: [] }) as {
  bundles: RealBundle[];
};
const { files } = (hasCorpus ? jsonFromCorpus("manifest.json") : { files: [] }) as { files: ManifestFile[] };

const strong = (subject: Subject | undefined): readonly Digest[] =>
  Object.entries(subject?.digest ?? {}).flatMap(([algorithm, hex]) => digestOf(algorithm, hex) ?? []);

function documents(path: string): readonly unknown[] {
  const text = fromCorpus(path).toString("utf8");
  try {
    return [JSON.parse(text)];
  } catch {
    return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [JSON.parse(line)]));
  }
}

describe.skipIf(!hasCorpus)("real bundles of other projects", () => {
  test.each(bundles.map((one) => [one.file, one] as const))("%s", (path, one) => {
    const keys =
      one.key === null ? [] : [heldKey(fromCorpus(one.key), { usage: "policy", thresholds: one.thresholds })];
    const bytes = one.artifact === null ? null : fromCorpus(one.artifact);
    const verifier = createVerifier([rootFromCorpus(one.trustRoot, one.thresholds)], keys, new Date());
    const digests =
      bytes === null ? strong(one.subjects?.find((subject) => strong(subject).length > 0)) : digestsOf(bytes);
    const [bundle] = documents(path);
    const verdict = verifier.verify({ source: "file", location: path, bundle }, { names: [], digests, bytes });
    expect(verdict.status === "verified" ? "accept" : "reject", JSON.stringify(verdict).slice(0, 300)).toBe(
      one.expected,
    );
  });
});

describe.skipIf(!hasCorpus)("the registry's attestations", () => {
  const verifier = createVerifier([publicGoodRoot()], registryKeys(), new Date());
  const answers = files.filter(({ path, bundles }) => path.startsWith("npm/") && bundles !== undefined);

  test.each(answers.map((one) => [one.path, one] as const))("%s", (path, one) => {
    const genuine = one.bundles?.find(({ verdict }) => verdict === "verifies")?.subjects?.[0];
    const names = genuine?.name === undefined ? [] : [genuine.name];
    const evidence = documents(path).flatMap((json) => evidenceIn(json, path));
    expect(evidence.length).toBeGreaterThan(0);
    const verdicts = evidence.map((each) => verifier.verify(each, { names, digests: strong(genuine), bytes: null }));
    const outcome = verdicts.every(({ status }) => status === "verified") ? "accept" : "reject";
    if (one.expected === "either") expect(outcome).toBe("accept");
    else expect(outcome, JSON.stringify(verdicts).slice(0, 500)).toBe(one.expected);
    if (outcome === "reject") expect(verdicts.map(({ status }) => status)).toContain("broken");
  });
});

function evidenceIn(json: unknown, location: string): Evidence[] {
  const { attestations } = json as { attestations?: { bundle: unknown; predicateType: string }[] };
  if (attestations === undefined) return [{ source: "file", location, bundle: json }];
  return attestations.map(({ bundle, predicateType }, n) => ({
    source: "registry",
    location: `${location}#${n}`,
    bundle,
    statedPredicateType: predicateType,
  }));
}

describe.skipIf(!hasCorpus)("bundles of Python distributions and of Maven artifacts", () => {
  const others = files.filter(
    ({ path, bundles }) => (path.startsWith("pypi/") || path.startsWith("nuget/maven/")) && bundles !== undefined,
  );

  test.each(others.map((one) => [one.path, one] as const))("%s", (path, one) => {
    const recorded = one.bundles![0]!;
    const bytes = one.artifact === undefined ? null : fromCorpus(one.artifact);
    const digests = bytes === null ? strong(recorded.subjects?.[0]) : digestsOf(bytes);
    const names = path.startsWith("pypi/") ? [(one.artifact ?? recorded.subjects![0]!.name!).split("/").at(-1)!] : [];
    const verifier = createVerifier([rootFromCorpus(recorded.trustRoot, recorded.thresholds)], [], new Date());
    const found = documents(path).flatMap(sigstoreBundles);
    expect(found.length).toBeGreaterThan(0);
    const verdicts = found.map((bundle) =>
      verifier.verify({ source: "file", location: path, bundle }, { names, digests, bytes }),
    );
    const outcome = verdicts.every(({ status }) => status === "verified") ? "accept" : "reject";
    expect(outcome, JSON.stringify(verdicts).slice(0, 500)).toBe(one.expected);
  });
});

interface Pep740 {
  readonly envelope: { readonly statement: string; readonly signature: string };
  readonly verification_material: { readonly certificate: string; readonly transparency_entries: unknown[] };
}

/** PEP 740 says how its attestations stand for Sigstore bundles. */
function sigstoreBundles(json: unknown): readonly unknown[] {
  const one = json as { attestation_bundles?: { attestations: Pep740[] }[]; envelope?: unknown };
  if (one.attestation_bundles === undefined && one.envelope === undefined) return [json];
  const attestations = one.attestation_bundles?.flatMap((each) => each.attestations) ?? [json as Pep740];
  return attestations.map(({ envelope, verification_material }) => ({
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {
      certificate: { rawBytes: verification_material.certificate },
      tlogEntries: verification_material.transparency_entries,
    },
    dsseEnvelope: {
      payloadType: "application/vnd.in-toto+json",
      payload: envelope.statement,
      signatures: [{ sig: envelope.signature }],
    },
  }));
}
