import type { Bundle } from "../../src/verify/bundle/bundle.ts";
import { requireRecorded } from "../../src/verify/vouching.ts";
import { describe, expect, test } from "vitest";

const SIGNATURE = Buffer.from("signature");
const SPKI = Buffer.from("key");

function check(recorded: { readonly signature: Buffer; readonly kind: "certificate" | "key"; readonly der: Buffer }) {
  const { signature, kind, der } = recorded;
  const entry = { recorded: { signature, verifier: { kind, der } } };
  const bundle = { entries: [entry], content: { kind: "dsse", signature: SIGNATURE } } as unknown as Bundle;
  requireRecorded(bundle, { kind: "key", hint: "" }, SPKI);
}

describe("what a log entry records is what the bundle holds", () => {
  test("its key and its signature", () => {
    expect(() => check({ signature: SIGNATURE, kind: "key", der: SPKI })).not.toThrow();
  });

  test.each([
    ["another signature", { signature: Buffer.from("other"), kind: "key", der: SPKI }],
    ["another key", { signature: SIGNATURE, kind: "key", der: Buffer.from("other") }],
    ["a certificate where a key signed", { signature: SIGNATURE, kind: "certificate", der: SPKI }],
  ] as const)("the log entry records %s", (_, recorded) => {
    expect(() => check(recorded)).toThrow(expect.objectContaining({ code: "LOG_MISMATCH" }));
  });
});
