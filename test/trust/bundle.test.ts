/** Nothing of a file that was carried here is believed before it is judged. */
import type { HeldTrust } from "../../src/model/trust.ts";
import { decodeBundle, encodeBundle } from "../../src/trust/bundle.ts";
import { expect, it } from "vitest";

const HELD: HeldTrust = {
  checkedAt: new Date("2026-11-01T00:00:00Z"),
  metadata: { "root.json": Buffer.from("{}"), "7.root.json": Buffer.from("{}"), "timestamp.json": Buffer.from("{}") },
  targets: { "trusted_root.json": Buffer.from("{}"), "npm.example/keys.json": Buffer.from("{}") },
};

const textOf = (held: HeldTrust) =>
  encodeBundle({ repositories: [{ name: "mine", mirror: "https://tuf.example", held }] });

it("a bundle comes back as it was", () => {
  expect(decodeBundle(Buffer.from(textOf(HELD)))?.repositories).toEqual([
    { name: "mine", mirror: "https://tuf.example", held: HELD },
  ]);
});

it.each([
  "../root.json",
  "a/../../x.json",
  "/etc/x.json",
  "..",
  ".json",
  "a\\b.json",
  "C:x.json",
  "x.sh",
  "\u0000.json",
])("metadata of the name %j would be a file elsewhere: it is no bundle", (name) => {
  const metadata = { ...HELD.metadata, [name]: Buffer.from("{}") };
  expect(decodeBundle(Buffer.from(textOf({ ...HELD, metadata })))).toBeNull();
});

it.each(["", "yesterday", null])("without a day (%j) it would be of today: it is no bundle", (day) => {
  const text = textOf(HELD).replace('"2026-11-01T00:00:00.000Z"', JSON.stringify(day));
  const found = decodeBundle(Buffer.from(text));
  // Null is a day of JavaScript only where it is no text.
  expect(found).toBeNull();
});
