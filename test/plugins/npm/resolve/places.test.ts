import { registriesOf } from "../../../../plugins/npm/origin.ts";
import { mergePlaces, placeOf, refOf } from "../../../../plugins/npm/resolve/places.ts";
import type { TreeEdge, TreeNode } from "../../../../plugins/npm/resolve/node.ts";
import { LIMITS } from "../../../../src/plugin.ts";
import { sriOf } from "../../../support/tarball.ts";
import { describe, expect, test } from "vitest";

const SHA1 = sriOf(Buffer.from("x"), "sha1");
const SHA512 = sriOf(Buffer.from("x"));
const REGISTRIES = registriesOf({ registry: "https://npm.example/", cache: "", omit: [] }, "never", []);

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

describe("what would be proven is what each place gets", () => {
  const conventional = "https://npm.example/widget/-/widget-1.0.0.tgz";
  const elsewhere = "https://npm.example/other/w.tgz";
  type Row = readonly [string, Said, Said, boolean];
  type Said = readonly [resolved: string | null, integrity: string | null];
  test.each<Row>([
    ["two addresses with a sha512 each", [elsewhere, SHA512], ["https://b.example/w.tgz", SHA512], true],
    ["two addresses and no sha512", [elsewhere, SHA1], ["https://b.example/w.tgz", SHA1], false],
    ["a second address without integrity", [elsewhere, SHA512], ["https://b.example/w.tgz", null], false],
    ["a second address with less than sha512", [elsewhere, SHA512], ["https://b.example/w.tgz", SHA1], false],
    ["one address, once without integrity", [elsewhere, SHA512], [elsewhere, null], true],
    ["the registry's own address, once left out", [conventional, SHA512], [null, null], true],
    ["another address, once left out", [elsewhere, SHA512], [null, null], false],
    ["another address, once left out, no integrity", [elsewhere, null], [null, null], false],
  ])("%s", (_, one, other, isFine) => {
    const { locked, unbound } = mergePlaces(
      [place("node_modules/widget", ...one), place("node_modules/x/node_modules/widget", ...other)],
      REGISTRIES,
    );
    expect(locked.size).toBe(isFine ? 1 : 0);
    expect(unbound).toMatchObject(isFine ? [] : [{ denial: { code: "INTEGRITY_UNUSABLE" } }]);
  });
});

test("more packages than the bound are refused", () => {
  const ref = refOf(node("widget", "1.0.0"))!;
  const one = place("node_modules/widget", null, null).place;
  const many = Array.from({ length: LIMITS.artifacts + 1 }, (_, n) => ({
    package: { ...ref, purl: `pkg:npm/widget@${n}` },
    place: one,
  }));
  expect(() => mergePlaces(many, REGISTRIES)).toThrow("more than");
});

describe("who asks for a place", () => {
  /** Folders of the project, each with a `widget`: the outermost first. */
  function nested(...folders: readonly (readonly [location: string, version: string])[]): TreeNode {
    let parent: TreeNode | null = null;
    let widget = {} as TreeNode;
    for (const [location, version] of folders) {
      const children = new Map<string, TreeNode>();
      const folder = { location, children, resolveParent: parent } as unknown as TreeNode;
      widget = { ...named(`${location}/node_modules/widget`, version), resolveParent: folder };
      children.set("widget", widget);
      parent = folder;
    }
    return widget;
  }

  function named(location: string, version: string) {
    const nobody = { edgesIn: new Set(), edgesOut: new Map(), package: {} };
    return { name: "widget", packageName: "widget", version, location, ...nobody } as unknown as TreeNode;
  }

  function asking(location: string, version: string, type = "prod"): TreeEdge {
    const satisfiedBy = (one: TreeNode) => one.version === version;
    return { name: "widget", spec: version, type, satisfiedBy, from: { location } } as unknown as TreeEdge;
  }

  const IN_B = "b/node_modules/widget";
  test("is told with the places above that they ask for as well", () => {
    const widget = nested(["", "2.0.0"], ["a", "1.0.0"], ["b", "2.0.0"], ["c", "1.0.0"]);
    const edges = [
      asking("c", "1.0.0"),
      asking("d", "2.0.0"),
      asking("e", "3.0.0"),
      asking("f", "1.0.0", "peerOptional"),
    ];
    expect(placeOf({ ...widget, edgesIn: new Set(edges) }).askers).toEqual([
      { location: "c", fits: ["a/node_modules/widget"] },
      { location: "d", fits: [IN_B, "/node_modules/widget"] },
      { location: "e", fits: [] },
    ]);
  });
});
