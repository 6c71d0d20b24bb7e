import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createVerifier } from "../../src/verify/verifier.ts";
import { heldKey } from "../../src/verify/trust/held-key.ts";
import { createInstance, newKey } from "../support/sigstore.ts";
import { bytes, identity, locked, rootOf, subjects } from "./judging.ts";

const instance = await createInstance();
const key = newKey();
const verifier = createVerifier(
  [rootOf(instance)],
  [heldKey(key.spki, { usage: "policy", thresholds: { tlog: 1, sct: 0, timestamps: 1 }, hints: ["k"] })],
  new Date(),
);
await instance.attest({ subjects, identity });
const seeds = [
  await instance.attest({ subjects, identity, timestamps: 1 }),
  await instance.attest({ subjects, identity, log: [{ version: 2, kind: "dsse" }], timestamps: 1 }),
  await instance.attest({ subjects, key, hint: "k", log: [{ kind: "intoto" }] }),
  await instance.attest({
    subjects,
    identity,
    chain: true,
    mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1",
  }),
  await instance.signMessage({ bytes, identity }),
];

type Path = readonly (string | number)[];

function paths(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, inner]) => paths(inner, [...at, name]))];
}

function replaced(value: unknown, [first, ...rest]: Path, replacement: (old: unknown) => unknown): unknown {
  if (first === undefined) return replacement(value);
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  const inner = replaced(copy[first], rest, replacement);
  if (inner === undefined) delete copy[first];
  else copy[first] = inner;
  return copy;
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((found, name) => (found as Record<string | number, unknown>)[name], value);

function flip(encoded: string, place: number, bits: number): string {
  const decoded = Buffer.from(encoded, "base64");
  decoded[place % decoded.length]! ^= bits;
  return decoded.toString("base64");
}

const judge = (bundle: unknown) =>
  verifier.verify({ source: "fuzz", location: "fuzz", bundle }, { ...locked, bytes }).status;

describe("malformed input is a verdict", () => {
  test("the seeds verify", () => {
    for (const seed of seeds) expect(judge(seed)).toBe("verified");
  });

  const anySeed = fc.constantFrom(...seeds);
  const seedAndPath = anySeed.chain((seed) => fc.tuple(fc.constant(seed), fc.constantFrom(...paths(seed))));

  test("any value in any place", () => {
    fc.assert(
      fc.property(seedAndPath, fc.oneof(fc.jsonValue(), fc.constant(undefined)), ([seed, path], value) => {
        expect(["verified", "broken", "foreign"]).toContain(judge(replaced(seed, path, () => value)));
      }),
      { numRuns: 300 },
    );
  });

  test("any JSON at all", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => judge(value) === "broken"),
      { numRuns: 300 },
    );
  });

  /** Not covered by any signature, proof or comparison, wholly or (the wrapping of a timestamp) in part. */
  const FREE =
    /signedTimestamp$|^verificationMaterial,tlogEntries,\d+,logIndex$|x509CertificateChain,certificates,[1-9]/;

  test("one byte of anything that is signed, and it no longer verifies", () => {
    const encoded = (seed: unknown) =>
      paths(seed).filter((path) => {
        const value = at(seed, path);
        return (
          typeof value === "string" && value.length > 20 && /^[A-Za-z0-9+/]+=*$/.test(value) && !FREE.test(path.join())
        );
      });
    const flipped = anySeed.chain((seed) =>
      fc.tuple(fc.constant(seed), fc.constantFrom(...encoded(seed)), fc.nat(), fc.integer({ min: 1, max: 255 })),
    );
    fc.assert(
      fc.property(flipped, ([seed, path, place, bits]) => {
        const changed = replaced(seed, path, (old) => flip(old as string, place, bits));
        expect(judge(changed), `${path.join(".")}[${place}]`).not.toBe("verified");
      }),
      { numRuns: 400 },
    );
  });

  test("one byte of a timestamp, and it says the same time or does not hold", () => {
    const place: Path = [
      "verificationMaterial",
      "timestampVerificationData",
      "rfc3161Timestamps",
      0,
      "signedTimestamp",
    ];
    const timed = (bundle: unknown) => {
      const verdict = verifier.verify({ source: "fuzz", location: "fuzz", bundle }, locked);
      return verdict.status === "verified" ? verdict.attestation.signedAt?.getTime() : null;
    };
    const expected = timed(seeds[1]);
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = replaced(seeds[1], place, (old) => flip(old as string, at, bits));
        expect([expected, null]).toContain(timed(changed));
      }),
      { numRuns: 400 },
    );
  });

  test("cut off at any length", () => {
    const cut = seedAndPath.chain(([seed, path]) =>
      fc.tuple(fc.constant(seed), fc.constant(path), fc.double({ min: 0, max: 0.99, noNaN: true })),
    );
    fc.assert(
      fc.property(cut, ([seed, path, part]) => {
        const value = at(seed, path);
        if (typeof value !== "string" || FREE.test(path.join()) || value.length < 2) return;
        const shorter = replaced(seed, path, () => value.slice(0, Math.floor(value.length * part)));
        expect(judge(shorter), path.join(".")).not.toBe("verified");
      }),
      { numRuns: 300 },
    );
  });

  test("any bytes as certificate, timestamp or log entry", () => {
    const raw = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((value) => Buffer.from(value).toString("base64"));
    const der = fc
      .tuple(raw, fc.nat(199))
      .map(([value, n]) => Buffer.concat([Buffer.from([0x30, n]), Buffer.from(value, "base64")]).toString("base64"));
    const places: Path[] = [
      ["verificationMaterial", "certificate", "rawBytes"],
      ["verificationMaterial", "timestampVerificationData", "rfc3161Timestamps", 0, "signedTimestamp"],
      ["verificationMaterial", "tlogEntries", 0, "canonicalizedBody"],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.oneof(raw, der), (place, value) => {
        expect(judge(replaced(seeds[0], place, () => value))).toBe("broken");
      }),
      { numRuns: 300 },
    );
  });
});
