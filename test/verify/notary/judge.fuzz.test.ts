/** Envelopes with any of their bytes changed: never an exception, never another signer, artifact or time. */
import type { NotaryEvidence } from "../../../src/model/evidence.ts";
import { CONTENT, cose, jws, type Trusting, verdictOf } from "../../support/notary/judged.ts";
import { newAuthority, newLeaf, newUnit, tokenOf } from "../../support/notary/mint.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const ROOT = newAuthority("root");
const MIDDLE = newAuthority("middle", { issuer: ROOT });
const LEAF = newLeaf("release", { issuer: MIDDLE });
const TSA = newAuthority("tsa");
const UNIT = newUnit("unit", { issuer: TSA });
const trusting: Trusting = {
  stores: [
    ["ca", ROOT],
    ["tsa", TSA],
  ],
};
const timestamp = (signature: Buffer) => tokenOf(signature, { by: UNIT });
const signing = { by: LEAF, above: [MIDDLE, ROOT], content: CONTENT, timestamp };
const SEEDS = [jws(signing), cose(signing)];

/** What counts of a verdict that holds. */
function said(notary: NotaryEvidence["notary"]): unknown {
  const verdict = verdictOf(notary, trusting);
  if (verdict.status !== "verified") return verdict.status;
  const { signer, signedAt, matched, leafKey } = verdict.attestation;
  return { signer, signedAt, matched, leafKey };
}

const flipped = (bytes: Buffer, at: number, mask: number) => {
  const copy = Buffer.from(bytes);
  copy[at] = copy[at]! ^ mask;
  return copy;
};

describe.each(SEEDS.map((seed) => [seed.format, seed] as const))("an envelope (%s)", (_, seed) => {
  const whole = said(seed);

  it("with one byte changed says the same, or does not hold", () => {
    fc.assert(
      fc.property(fc.nat(seed.envelope.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const found = said({ ...seed, envelope: flipped(seed.envelope, at, mask) });
        if (typeof found !== "string") expect(found).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  it("cut, longer or made of anything does not hold", () => {
    fc.assert(
      fc.property(fc.nat(seed.envelope.length - 1), fc.uint8Array({ minLength: 1, maxLength: 40 }), (at, noise) => {
        const cut = seed.envelope.subarray(0, at);
        for (const envelope of [
          cut,
          Buffer.concat([seed.envelope, noise]),
          Buffer.concat([cut, noise]),
          Buffer.from(noise),
        ]) {
          const found = said({ ...seed, envelope });
          // White space behind JSON is none of it.
          if (typeof found !== "string") expect(found).toEqual(whole);
        }
      }),
      { numRuns: 60 },
    );
    expect(said({ ...seed, envelope: Buffer.alloc(0) })).toBe("broken");
    expect(said({ ...seed, envelope: Buffer.alloc(100_000, seed.format === "jws" ? "[" : 0x81) })).toBe("broken");
    const nested = Buffer.concat([Buffer.from([0xd2]), Buffer.alloc(1_000_000, 0x81)]);
    expect(said({ format: "cose", envelope: nested })).toBe("broken");
  });
});

describe("each part, changed on its way", () => {
  interface Flattened {
    payload: string;
    protected: string;
    signature: string;
    header: { x5c: string[]; "io.cncf.notary.timestampSignature": string };
  }
  const outcome = (change: (envelope: Flattened) => void): string => {
    const envelope = JSON.parse(SEEDS[0]!.envelope.toString()) as Flattened;
    change(envelope);
    const verdict = verdictOf({ format: "jws", envelope: Buffer.from(JSON.stringify(envelope)) }, trusting);
    return verdict.status === "broken" ? verdict.code : verdict.status;
  };
  const edited = (text: string, edit: (value: Record<string, unknown>) => void): string => {
    const value = JSON.parse(Buffer.from(text, "base64url").toString()) as Record<string, unknown>;
    edit(value);
    return Buffer.from(JSON.stringify(value)).toString("base64url");
  };

  it("as it is, holds", () => expect(outcome(() => {})).toBe("verified"));

  it.each(["mediaType", "size", "digest"])("payload: %s", (name) =>
    expect(
      outcome((envelope) => {
        envelope.payload = edited(envelope.payload, (value) => {
          const target = value["targetArtifact"] as Record<string, unknown>;
          target[name] = name === "size" ? 13 : `${String(target[name]).slice(0, -1)}0`;
        });
      }),
    ).toBe("SIGNATURE_INVALID"),
  );

  it("protected: a time, an expiry, a note", () => {
    for (const [name, value] of [
      ["io.cncf.notary.signingTime", "2026-06-02T00:00:00Z"],
      ["com.example.note", 1],
    ] as const)
      expect(
        outcome((envelope) => {
          envelope.protected = edited(envelope.protected, (headers) => (headers[name] = value));
        }),
      ).toBe("SIGNATURE_INVALID");
  });

  it("signature: any byte of it", () => {
    const { signature } = JSON.parse(SEEDS[0]!.envelope.toString()) as Flattened;
    const bytes = Buffer.from(signature, "base64url");
    for (let at = 0; at < bytes.length; at += 7)
      expect(
        outcome((envelope) => {
          envelope.signature = flipped(bytes, at, 1).toString("base64url");
        }),
      ).toBe("SIGNATURE_INVALID");
  });

  it.each([0, 1, 2])("certificate %i: any byte of it", (index) => {
    const { header } = JSON.parse(SEEDS[0]!.envelope.toString()) as Flattened;
    const bytes = Buffer.from(header.x5c[index]!, "base64");
    for (let at = 0; at < bytes.length; at += 5)
      expect(["CERTIFICATE_INVALID", "SIGNATURE_INVALID"]).toContain(
        outcome((envelope) => {
          envelope.header.x5c[index] = flipped(bytes, at, 1).toString("base64");
        }),
      );
  });

  it("timestamp: any byte of it is the time's, or says nothing", () => {
    const { header } = JSON.parse(SEEDS[0]!.envelope.toString()) as Flattened;
    const bytes = Buffer.from(header["io.cncf.notary.timestampSignature"], "base64");
    const found = new Set<string>();
    for (let at = 0; at < bytes.length; at += 3)
      found.add(
        outcome((envelope) => {
          envelope.header["io.cncf.notary.timestampSignature"] = flipped(bytes, at, 1).toString("base64");
        }),
      );
    // The key id and the list of digests, which nobody signs, say nothing.
    expect([...found].toSorted()).toEqual(["TIME_INVALID", "verified"]);
  });
});
