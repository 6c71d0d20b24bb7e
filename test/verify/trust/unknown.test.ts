/** Whether newer trust material might know what evidence names: nothing else is worth asking a repository for. */
import type { HeldKey } from "../../../src/verify/trust/held-key.ts";
import { heldKey } from "../../../src/verify/trust/held-key.ts";
import { createVerifier } from "../../../src/verify/verifier.ts";
import { createInstance, type Instance, newKey, pem } from "../../support/sigstore.ts";
import { edited, identity, rootOf, subjects } from "../judging.ts";
import { expect, test } from "vitest";

const [ours, theirs] = await Promise.all([createInstance({ curve: "P-256" }), createInstance({ curve: "P-256" })]);

/** Our root with one kind of material from theirs. */
function mixed(kind: string): Instance {
  return { ...ours, trustedRoot: { ...ours.trustedRoot, [kind]: theirs.trustedRoot[kind] } };
}

function isUnknown(bundle: unknown, under: Instance = ours, keys: readonly HeldKey[] = []): boolean {
  return createVerifier([rootOf(under)], keys, new Date()).namesUnknown({ source: "file", location: "test", bundle });
}

const bundle = await ours.attest({ subjects, identity, timestamps: 1 });

test("all that a bundle names is held", () => {
  expect(isUnknown(bundle)).toBe(false);
});

test.each(["certificateAuthorities", "ctlogs", "tlogs", "timestampAuthorities"])(
  "the %s are others than held",
  (kind) => {
    expect(isUnknown(bundle, mixed(kind))).toBe(true);
  },
);

test("one log of two is not held", async () => {
  const twice = await ours.attest({ subjects, identity, leaf: { sct: "unknown" } });
  expect(isUnknown(twice)).toBe(true);
  const both = await ours.attest({ subjects, identity, leaf: { sct: "known and unknown" } });
  expect(isUnknown(both)).toBe(true);
  const [entry] = (bundle as { verificationMaterial: { tlogEntries: unknown[] } }).verificationMaterial.tlogEntries;
  const other = await theirs.attest({ subjects, identity });
  expect(
    isUnknown(
      edited(other, (b) => void b.verificationMaterial.tlogEntries.unshift(entry)),
      theirs,
    ),
  ).toBe(true);
});

test("a key that is named and not held", async () => {
  const key = newKey();
  const held = heldKey(Buffer.from(pem("PUBLIC KEY", key.spki)), {
    usage: "policy",
    thresholds: { tlog: 1, sct: 0, timestamps: 0 },
    roots: [rootOf(ours).id],
  });
  const signed = await ours.attest({ subjects, key, hint: held.hints[0] ?? "" });
  expect(isUnknown(signed, ours, [held])).toBe(false);
  expect(isUnknown(signed)).toBe(true);
});

test("what cannot be read is not worth asking for", () => {
  expect(isUnknown({ mediaType: "none" })).toBe(false);
  expect(isUnknown(edited(bundle, (b) => void (b.verificationMaterial.certificate.rawBytes = "AAAA")))).toBe(false);
});

test("a registry's signature by a key that is not held", () => {
  const key = { ...heldKey(Buffer.from(pem("PUBLIC KEY", newKey().spki)), SIGNS), hints: ["SHA256:held"] };
  const asked = (...named: readonly string[]) =>
    createVerifier([], [key], new Date()).namesUnknown({
      source: "registry",
      location: "test",
      registry: "https://npm.example/",
      registrySignature: {
        name: "widget",
        version: "1.0.0",
        integrity: "sha512-",
        published: null,
        signatures: named.map((keyid) => ({ keyid, sig: "" })),
      },
    });
  expect(asked("SHA256:held")).toBe(false);
  expect(asked("SHA256:held", "SHA256:new")).toBe(true);
});

const SIGNS = { usage: "npm:signatures", thresholds: { tlog: 0, sct: 0, timestamps: 0 } } as const;
