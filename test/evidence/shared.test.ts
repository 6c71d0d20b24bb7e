import { readShared } from "../../src/evidence/shared.ts";
import { expect, it } from "vitest";

const A = "a".repeat(64);
const bundle = (subject: unknown) => ({
  dsseEnvelope: { payload: Buffer.from(JSON.stringify({ subject })).toString("base64") },
});
const kept = async (...bundles: readonly unknown[]) => {
  const text = bundles.map((one) => JSON.stringify(one)).join("\n");
  const about = { name: "w.tgz", digests: [{ algorithm: "sha256", hex: A }] as const };
  return (await readShared("/multiple.intoto.jsonl", about, { read: async () => Buffer.from(text) })).length;
};

it.each<[string, unknown, number]>([
  ["its digest", [{ name: "x", digest: { sha256: A } }], 1],
  ["its digest in capitals", [{ digest: { sha256: A.toUpperCase() } }], 1],
  ["its name, whatever the digest", [{ name: "dist/w.tgz", digest: { sha256: "b" } }], 1],
  ["it among others", [{ name: "x", digest: {} }, { name: "w.tgz" }], 1],
  ["another file", [{ name: "v.tgz", digest: { sha256: "b".repeat(64) } }], 0],
  ["its digest in another algorithm's place", [{ name: "v", digest: { sha512: A } }], 0],
  ["no list", { name: "v" }, 1],
  ["a name that is no text", [{ name: 7 }], 1],
])("a statement about %s", async (_, subject, count) => expect(await kept(bundle(subject))).toBe(count));

it("what is no statement, or not JSON, is everybody's", async () => {
  expect(await kept({ messageSignature: {} })).toBe(1);
  expect(await kept(bundle([{ name: "v" }]), { dsseEnvelope: { payload: "!" } })).toBe(1);
  expect(await readShared("/x", { name: "w", digests: [] }, { read: async () => Buffer.from("{") })).toMatchObject([
    { malformed: expect.any(String) },
  ]);
});
