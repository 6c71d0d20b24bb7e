import { describe, expect, test } from "vitest";
import { loadTrustRoot, publicGoodRoot, registryKeys } from "../../src/project/trust.ts";
import { SafeInstallError } from "../../src/errors.ts";
import { createVerifier } from "../../src/verify/verifier.ts";
import { createInstance } from "../support/sigstore.ts";
import { hasCorpus, jsonFromCorpus } from "../verify/corpus.ts";
import { identity, judged, outcome, rootOf, subjects } from "../verify/judging.ts";

const instance = await createInstance();
const thresholds = { tlog: 1, sct: 1, timestamps: 1 };
const json = (): Record<string, unknown> => JSON.parse(JSON.stringify(instance.trustedRoot));
const load = (value: unknown, name = "corp") =>
  loadTrustRoot(Buffer.from(typeof value === "string" ? value : JSON.stringify(value)), name, thresholds);

describe("the embedded trust", () => {
  test("the public-good root is read strictly and asks for one of each", () => {
    const root = publicGoodRoot();
    expect(root).toMatchObject({ id: "public-good", name: "public-good", thresholds });
    expect(() => createVerifier([root], registryKeys(), new Date())).not.toThrow();
  });
  test.skipIf(!hasCorpus)("it is the published one", () => {
    expect(publicGoodRoot().json).toEqual(jsonFromCorpus("sigstore/trust/public-good.trusted_root.json"));
  });
  test("the registry's keys carry usage and validity, and rest on the public-good log", () => {
    const keys = registryKeys();
    expect(new Set(keys.map(({ usage }) => usage))).toEqual(new Set(["npm:signatures", "npm:attestations"]));
    expect(keys.every(({ validFor }) => validFor.start instanceof Date)).toBe(true);
    expect(keys.every(({ roots }) => roots?.join() === "public-good")).toBe(true);
    expect(
      keys.every(
        ({ fingerprint, hints }) =>
          /^sha256:[0-9a-f]{64}$/.test(fingerprint) &&
          hints.includes(`SHA256:${Buffer.from(fingerprint.slice(7), "hex").toString("base64").slice(0, -1)}`),
      ),
    ).toBe(true);
  });
});

describe("trust root files", () => {
  test("the id tells content and thresholds apart, not names", () => {
    const { id } = load(instance.trustedRoot, "a");
    expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(load(instance.trustedRoot, "b").id).toBe(id);
    expect(rootOf(instance, { ...thresholds, tlog: 2 }).id).not.toBe(id);
    expect(load({ ...json(), ctlogs: [] }).id).not.toBe(id);
  });

  test("several stand on a line each; anything else is no root", () => {
    const line = JSON.stringify(instance.trustedRoot);
    expect(load(`${line}\n\n${line}\n`).json).toHaveLength(2);
    for (const text of ["[]\n[]", `${line}\nx`, `x\n${line}`, "x", "{", `${line}\n{`, ""])
      expect(() => load(text)).toThrow(expect.objectContaining({ code: "TRUST_ROOT_INVALID" }));
  });

  test("a ClientTrustConfig carries one", async () => {
    const config = {
      mediaType: "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
      trustedRoot: json(),
      signingConfig: {},
    };
    expect(outcome(await instance.attest({ subjects, identity }), { roots: [load(config)] })).toBe("verified");
    expect(() => load({ ...config, trustedRoot: undefined })).toThrow(SafeInstallError);
  });

  test("JSON Lines hold instances that are never mixed", async () => {
    const second = await createInstance({ name: "second.test" });
    const both = load(`${JSON.stringify(instance.trustedRoot)}\n${JSON.stringify(second.trustedRoot)}\n`);
    for (const one of [instance, second]) {
      expect(judged(await one.attest({ subjects, identity }), { roots: [both] })).toMatchObject({
        attestation: { roots: [both.id] },
      });
    }
    const mixed = { ...json(), tlogs: second.trustedRoot["tlogs"] };
    const separate = load(
      `${JSON.stringify({ ...json(), tlogs: [] })}\n${JSON.stringify({ ...mixed, certificateAuthorities: second.trustedRoot["certificateAuthorities"] })}`,
    );
    expect(outcome(await instance.attest({ subjects, identity }), { roots: [separate] })).toBe("LOG_INVALID");
    expect(() => load(`${JSON.stringify(instance.trustedRoot)}\n{}\n`)).toThrow(SafeInstallError);
  });

  const refused: readonly (readonly [string, (root: Record<string, never>) => unknown])[] = [
    ["an unknown member", (root) => ({ ...root, extra: 1 })],
    ["no media type", (root) => ({ ...root, mediaType: undefined })],
    ["another media type", (root) => ({ ...root, mediaType: "application/json" })],
    ["a list that is none", (root) => ({ ...root, tlogs: "no" })],
    ["nothing in it", ({ mediaType }) => ({ mediaType, tlogs: [] })],
    [
      "a certificate that is none",
      (root) => ({
        ...root,
        certificateAuthorities: [
          { certChain: { certificates: [{ rawBytes: "AAAA" }] }, validFor: { start: "2020-01-01T00:00:00Z" } },
        ],
      }),
    ],
    [
      "an empty chain",
      (root) => ({
        ...root,
        certificateAuthorities: [{ certChain: { certificates: [] }, validFor: { start: "2020-01-01T00:00:00Z" } }],
      }),
    ],
    ["a key that is none", (root) => edit(root, "tlogs", (log) => void (log.publicKey.rawBytes = "AAAA"))],
    ["no start", (root) => edit(root, "ctlogs", (log) => void (log.publicKey.validFor = {}))],
    ["no validity", (root) => edit(root, "timestampAuthorities", (one) => void delete one.validFor)],
    [
      "a date that is none",
      (root) => edit(root, "certificateAuthorities", (one) => void (one.validFor.start = "2020-13-01T00:00:00Z")),
    ],
    [
      "a date without a zone",
      (root) => edit(root, "certificateAuthorities", (one) => void (one.validFor.start = "2020-01-01T00:00:00")),
    ],
    [
      "an end before the start",
      (root) => edit(root, "certificateAuthorities", (one) => void (one.validFor.end = "2019-01-01T00:00:00Z")),
    ],
  ];
  test.each(refused)("refused: %s", (_, change) => {
    expect(() => load(change(json() as never))).toThrow(SafeInstallError);
    expect(() => load(change(json() as never))).toThrow(/trust root corp/);
  });
  test("refused: duplicate names, deep nesting, other texts", () => {
    const text = JSON.stringify(instance.trustedRoot);
    expect(() => load(text.replace('"tlogs"', '"tlogs":[],"tlogs"'))).toThrow(SafeInstallError);
    for (const other of ["", "[]", "null", "{", `[${text}]`, "{".repeat(9000)])
      expect(() => load(other), other.slice(0, 20)).toThrow(SafeInstallError);
  });
  test.each([-1, 1.5, Number.NaN, 100])("refused: a threshold of %d", (tlog) => {
    expect(() =>
      loadTrustRoot(Buffer.from(JSON.stringify(instance.trustedRoot)), "x", { ...thresholds, tlog }),
    ).toThrow(SafeInstallError);
  });
});

// oxlint-disable-next-line typescript/no-explicit-any
function edit(root: any, list: string, change: (one: any) => void): unknown {
  change(root[list][0]);
  return root;
}
