/** A wrong digest beside a right one: whichever of them a lock knows, the bytes tell. */
import { createInstance } from "../support/sigstore.ts";
import { bytes, identity, locked, name, outcome, rootOf, sha256, sha512 } from "../verify/judging.ts";
import { expect, it } from "vitest";

const instance = await createInstance();
const roots = [rootOf(instance)];
const attest = (digest: Readonly<Record<string, string>>) =>
  instance.attest({ subjects: [{ name, digest }], identity });

it("a wrong sha256 where only the sha512 is known", async () => {
  const bundle = await attest({ sha512: sha512.hex, sha256: "0".repeat(64) });
  expect(outcome(bundle, { roots })).toBe("needs-bytes");
  expect(outcome(bundle, { roots, subject: { ...locked, bytes } })).toBe("SUBJECT_MISMATCH");
});

it("two right ones hold once both are compared", async () => {
  const bundle = await attest({ sha512: sha512.hex, sha256: sha256.hex });
  expect(outcome(bundle, { roots, subject: { ...locked, bytes } })).toBe("verified");
  expect(outcome(bundle, { roots, subject: { ...locked, digests: [sha256, sha512] } })).toBe("verified");
});
