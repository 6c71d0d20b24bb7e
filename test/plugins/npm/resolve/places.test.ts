import { mergePlaces, refOf } from "../../../../plugins/npm/resolve/places.ts";
import type { TreeNode } from "../../../../plugins/npm/resolve/tree.ts";
import { LIMITS } from "../../../../src/plugin.ts";
import { sriOf } from "../../../support/tarball.ts";
import { expect, test } from "vitest";

const SHA1 = sriOf(Buffer.from("x"), "sha1");
const SHA512 = sriOf(Buffer.from("x"));

function node(packageName: string | null, version: string | null): TreeNode {
  return { packageName, version } as TreeNode;
}

function place(location: string, resolved: string | null, integrity: string | null) {
  const more = { optional: false, extraneous: false, hasInstallScript: false };
  return { package: refOf(node("widget", "1.0.0"))!, place: { location, resolved, integrity, ...more } };
}

test.each([
  ["widget", "1.0.0", "pkg:npm/widget@1.0.0"],
  ["@acme/widget", "1.0.0", "pkg:npm/%40acme/widget@1.0.0"],
  ["Widget", "1.0.0-rc.1", "pkg:npm/Widget@1.0.0-rc.1"],
])("%s %s is %s", (name, version, purl) => {
  expect(refOf(node(name, version))?.purl).toBe(purl);
});

test.each([
  [null, "1.0.0"],
  ["widget", null],
  ["widget", "^1.0.0"],
  ["widget", "latest"],
  ["widget", ""],
  ["../widget", "1.0.0"],
  ["widget", "npm:evil@1.0.0"],
  ["widget", "file:../evil"],
])("%s %s is no package of a registry", (name, version) => {
  expect(refOf(node(name, version))).toBeNull();
});

test("several addresses and no sha512: what would be proven is not what each place gets", () => {
  const two = (integrity: string) => [
    place("node_modules/widget", "https://a.example/w.tgz", integrity),
    place("node_modules/x/node_modules/widget", "https://b.example/w.tgz", integrity),
  ];
  expect(mergePlaces(two(SHA1)).unbound).toMatchObject([{ denial: { code: "INTEGRITY_UNUSABLE" } }]);
  expect(mergePlaces(two(SHA1)).locked.size).toBe(0);
  expect(mergePlaces(two(SHA512)).unbound).toEqual([]);
  expect(mergePlaces(two(SHA512)).locked.size).toBe(1);
});

test("more packages than the bound are refused", () => {
  const ref = refOf(node("widget", "1.0.0"))!;
  const one = place("node_modules/widget", null, null).place;
  const many = Array.from({ length: LIMITS.artifacts + 1 }, (_, n) => ({
    package: { ...ref, purl: `pkg:npm/widget@${n}` },
    place: one,
  }));
  expect(() => mergePlaces(many)).toThrow("more than");
});
