/** What an attestation stands on is what the signer trusts whom a rule asks for: its time, its anchor; never another signer's. */
import { decide } from "../../../src/policy/decide.ts";
import type { Layer } from "../../../src/policy/layer.ts";
import { standingOf } from "../../../src/policy/signers/standing.ts";
import { loadLayers } from "../../../src/project/policy-file.ts";
import { loadTrustRoot } from "../../../src/project/trust.ts";
import type { NotaryTrust } from "../../../src/verify/notary/trust.ts";
import { createVerifier } from "../../../src/verify/verifier.ts";
import { attestation } from "../../support/attestation.ts";
import { putInto, temporaryFolder } from "../../support/folder.ts";
import { CONTENT, jws, NOW } from "../../support/notary/judged.ts";
import { newAuthority, newKey, newLeaf, newUnit, pemOf, type Party, tokenOf } from "../../support/notary/mint.ts";
import { EVIDENCE, facts } from "../../support/policy.ts";
import { digestsOf } from "../../verify/corpus.ts";
import { describe, expect, it } from "vitest";

const KEY = newKey();
const ROOT = newAuthority("root", { key: KEY });
const RENEWED = newAuthority("root", { key: KEY });
const [ONE, TWO] = ["one", "two"].map((name) => newAuthority(name, { issuer: ROOT }));
const TSA = newAuthority("tsa");
const UNIT = newUnit("unit", { issuer: TSA });
const [FIRST, SECOND] = [ONE!, TWO!].map((issuer, at) => newLeaf(`leaf${at}`, { issuer }));
const timestamp = (signature: Buffer) => tokenOf(signature, { by: UNIT });
const above = (issuer: Party, root = ROOT) => [issuer, root];

const FILES = { "root.pem": ROOT, "renewed.pem": RENEWED, "one.pem": ONE!, "two.pem": TWO!, "tsa.pem": TSA };
const signerOf = (file: string, name = "", more: object = {}) => ({
  notary: { trustStore: [file], identities: [`x509.subject: C=US, O=Contoso${name}`], ...more },
});

async function loaded(policy: object): Promise<{ layer: Layer; notary: readonly NotaryTrust[] }> {
  const root = temporaryFolder();
  for (const [name, party] of Object.entries(FILES)) putInto(root, name, pemOf(party));
  putInto(root, ".signing-policy.json", { version: 1, ...policy });
  const { layers, notary } = await loadLayers({ project: root, loadTrustRoot });
  return { layer: layers[0]!, notary };
}

function verdictsOf(notary: readonly NotaryTrust[], envelopes: readonly ReturnType<typeof jws>[]) {
  const subject = { names: [], digests: digestsOf(CONTENT), bytes: CONTENT };
  const verifier = createVerifier([], [], NOW, notary);
  return envelopes.map((one) => {
    const verdict = verifier.verify({ source: "file", location: "a.jws.sig", notary: one }, subject);
    if (verdict.status === "needs-bytes") throw new Error("the bytes were given");
    return verdict;
  });
}

/** Empty: allowed. */
async function denied(signers: object, rule: object, envelopes: readonly ReturnType<typeof jws>[], more: object = {}) {
  const { layer, notary } = await loaded({ signers, rules: [{ packages: ["npm:a"], ...rule }], ...more });
  const verdicts = verdictsOf(notary, envelopes);
  return decide([layer], facts("npm:a@1.0.0", { verdicts }), NOW).denials.map(({ code }) => code);
}

const plain = signerOf("root.pem");
const timed = signerOf("root.pem", "", { tsa: ["tsa.pem"] });
const stamped = [jws({ by: FIRST!, above: above(ONE!), content: CONTENT, timestamp })];

describe("a time", () => {
  it.each([
    ["first", { plain, timed }],
    ["last", { timed, plain }],
  ])("is the signer's own authority's, wherever another signer stands: %s", async (_, signers) => {
    const minimumAge = "7d";
    expect(await denied(signers, { signedBy: ["timed"], minimumAge }, stamped)).toEqual([]);
    expect(await denied(signers, { signedBy: ["plain"], minimumAge }, stamped)).toEqual(["TOO_NEW"]);
  });

  it("that a signer has of nobody is inside every window in which it is revoked", async () => {
    const window = { reason: "lost", signedFrom: "2026-07-01T00:00:00Z", signedUntil: "2026-08-01T00:00:00Z" };
    const rule = { signedBy: ["timed"] };
    const revoking = (signer: string) => ({ revoked: [{ signer, ...window }] });
    expect(await denied({ timed, plain }, rule, stamped, revoking("timed"))).toEqual([]);
    expect(await denied({ timed, plain }, rule, stamped, revoking("plain"))).toEqual(["REVOKED"]);
  });
});

it("a signer that is revoked is revoked where its signature holds under another one's lower level alone", async () => {
  const lower = signerOf("root.pem", "", { level: "permissive" });
  const unstamped = [jws({ by: FIRST!, above: above(ONE!), content: CONTENT })];
  const rule = { signedBy: ["lower"] };
  const revoked = [{ reason: "lost", signer: "timed" }];
  expect(await denied({ lower, timed }, rule, unstamped)).toEqual([]);
  expect(await denied({ lower, timed }, rule, unstamped, { revoked })).toEqual(["REVOKED"]);
  const other = signerOf("root.pem", ", CN=leaf1", { tsa: ["tsa.pem"] });
  expect(await denied({ lower, timed: other }, rule, unstamped, { revoked })).toEqual([]);
});

describe("hands", () => {
  const both = [
    jws({ by: FIRST!, above: above(ONE!), content: CONTENT }),
    jws({ by: SECOND!, above: above(TWO!), content: CONTENT }),
  ];
  const rule = { signedBy: ["a", "b"], count: 2 };

  it("are told apart by what each signer trusts, whatever others trust", async () => {
    const signers = { a: signerOf("one.pem"), b: signerOf("two.pem") };
    expect(await denied(signers, rule, both)).toEqual([]);
    expect(await denied({ whole: signerOf("root.pem"), ...signers }, rule, both)).toEqual([]);
    expect(await denied({ ...signers, b: signerOf("root.pem", ", CN=leaf1") }, rule, both)).toEqual([]);
  });

  it("are one where one authority could have made both", async () => {
    const other = newLeaf("other", { issuer: ONE! });
    const envelopes = [both[0]!, jws({ by: other, above: above(ONE!), content: CONTENT })];
    const signers = { a: signerOf("one.pem", ", CN=leaf0"), b: signerOf("root.pem", ", CN=other") };
    expect(await denied(signers, { ...rule, count: 1 }, envelopes)).toEqual([]);
    expect(await denied(signers, rule, envelopes)).toEqual(["COUNT_NOT_MET"]);
  });

  it("are one where one authority's key stands behind both, in however many certificates", async () => {
    const [left, right] = ["left", "right"].map((name) => newLeaf(name, { issuer: ROOT }));
    const envelopes = [
      jws({ by: left!, above: [ROOT], content: CONTENT }),
      jws({ by: right!, above: [RENEWED], content: CONTENT }),
    ];
    const signers = { a: signerOf("root.pem", ", CN=left"), b: signerOf("renewed.pem", ", CN=right") };
    expect(await denied(signers, { ...rule, count: 1 }, envelopes)).toEqual([]);
    expect(await denied(signers, rule, envelopes)).toEqual(["COUNT_NOT_MET"]);
  });
});

describe("across kinds", () => {
  const HEX = `sha256:${"a".repeat(64)}`;
  const author = (key: string) =>
    attestation({
      signer: {
        kind: "key",
        fingerprint: `sha256:${"f".repeat(64)}`,
        usage: "nuget:author",
        words: {
          subject: [{ type: "O", value: "Contoso" }],
          policies: [],
          authorities: [{ fingerprint: HEX, key, subject: [], name: "" }],
        },
      },
      leafKey: `sha256:${"9".repeat(64)}`,
      bundleDigest: { algorithm: "sha256", hex: "8".repeat(64) },
      predicateType: null,
    });
  const sigstore = attestation({
    signer: {
      kind: "certificate",
      claims: { issuer: "https://issuer.example", subjectAlternativeName: "spiffe://contoso.example/release" },
    },
    leafKey: `sha256:${"7".repeat(64)}`,
  });
  const signers = {
    pipeline: {
      certificate: { issuer: "https://issuer.example", subjectAlternativeName: "spiffe://contoso.example/release" },
    },
    author: { nugetSignature: { kind: "author", subject: "O=Contoso", issuer: { fingerprints: [HEX] } } },
    pinned: { nugetSignature: { kind: "author", fingerprints: [`sha256:${"f".repeat(64)}`] } },
    notary: signerOf("root.pem"),
  };

  async function counted(key: "its own" | "the root's", names: readonly string[], count: number) {
    const rule = { packages: ["nuget:a"], signedBy: names, count };
    const { layer, notary } = await loaded({ signers, rules: [rule] });
    const [own] = verdictsOf(notary, [jws({ by: FIRST!, above: above(ONE!), content: CONTENT })]);
    if (own?.status !== "verified") throw new Error(JSON.stringify(own));
    const root = standingOf(layer, "notary", own.attestation).anchors.at(-1) ?? "";
    const made = author(key === "its own" ? `sha256:${"6".repeat(64)}` : root);
    const [one, two] = [made, { ...sigstore, roots: [layer.roots["public-good"]!] }].map((each) => ({
      status: "verified" as const,
      evidence: EVIDENCE,
      attestation: each,
    }));
    const verdicts = [one!, two!, own];
    return decide([layer], facts("nuget:a@1.0.0", { verdicts }), NOW).denials.map(({ code }) => code);
  }

  it("three of three count, each with a key and an anchor of its own", async () => {
    expect(await counted("its own", ["pipeline", "author", "notary"], 3)).toEqual([]);
    expect(await counted("its own", ["pipeline", "pinned", "notary"], 3)).toEqual([]);
  });

  it("an author and an envelope under one authority's key are one hand; a pinned certificate rests on itself", async () => {
    expect(await counted("the root's", ["author", "notary"], 2)).toEqual(["COUNT_NOT_MET"]);
    expect(await counted("the root's", ["pinned", "notary"], 2)).toEqual([]);
    expect(await counted("the root's", ["pipeline", "author", "notary"], 2)).toEqual([]);
  });
});
