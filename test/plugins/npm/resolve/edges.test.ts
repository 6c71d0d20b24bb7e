import { faultOf } from "../../../../plugins/npm/resolve/edges.ts";
import type { TreeEdge, TreeNode } from "../../../../plugins/npm/resolve/node.ts";
import { isBundledByPackage } from "../../../../plugins/npm/resolve/reach.ts";
import { describe, expect, it } from "vitest";

/** An edge of a package in node_modules to one that the lock has. */
function edge(spec: string, part: Partial<TreeEdge> = {}): TreeEdge {
  const node = (location: string) => nodeAt(location);
  const type = "prod";
  const to = node("node_modules/widget");
  const from = node("node_modules/other");
  return { name: "widget", spec, type, optional: false, missing: false, invalid: false, from, to, ...part };
}

function nodeAt(location: string, more: Partial<TreeNode> = {}): TreeNode {
  const linksIn = new Set<TreeNode>();
  const plain = { location, realpath: `/project/${location}`, version: "1.0.0", resolved: "https://npm.example/x.tgz" };
  return { ...plain, package: {}, walked: true, linksIn, getBundler: () => null, ...more } as TreeNode;
}

describe("what the lock does not have as it is asked for", () => {
  const linked = { walked: false, linksIn: new Set([nodeAt("node_modules/a")]) };
  const workspace = nodeAt("packages/a", linked);
  const beyond = nodeAt("node_modules/other", { walked: false });
  const inside = nodeAt("node_modules/carrier/node_modules/in", { getBundler: () => nodeAt("node_modules/carrier") });
  const carrier = nodeAt("node_modules/carrier", { package: { bundleDependencies: ["widget"] } });
  const below = nodeAt("packages/a/node_modules/widget");
  const invalid = { invalid: true };
  const missing = { missing: true, to: null };

  it.each<[string, Partial<TreeEdge>]>([
    ["of a workspace, below it", { from: workspace, to: below, ...invalid }],
    ["of what only a workspace needs", { from: beyond, ...invalid }],
    ["of what only a workspace needs, and it is not there", { from: beyond, ...missing }],
    ["of a folder that nothing links to any more", { from: nodeAt("packages/gone", { walked: false }), ...missing }],
    ["within a bundle", { from: inside, ...invalid }],
    ["of a bundle, and the lock does not list it", { from: carrier, ...missing }],
    ["as it is asked for, where overrides of who asks contradict each other", { ...invalid, satisfiedBy: () => true }],
    [
      "by a tag, where the lock names no place",
      { spec: "next", to: nodeAt("node_modules/widget", { resolved: null }), ...invalid },
    ],
  ])("%s: npm installs what the lock has", (_, part) => expect(faultOf(edge("^2.0.0", part))).toBeNull());

  it.each<[string, Partial<TreeEdge>]>([
    ["of the root", { from: nodeAt(""), ...invalid }],
    ["of a package of the root", { ...invalid, satisfiedBy: () => false }],
    ["of a workspace, in the root's node_modules", { from: workspace, ...invalid }],
    [
      "of a workspace, below a neighbour of like name",
      { from: workspace, to: nodeAt("packages/ab/node_modules/widget"), ...invalid },
    ],
    ["of a workspace, and it is not there", { from: workspace, ...missing }],
    [
      "of a workspace that says it bundles",
      { from: nodeAt("packages/a", { ...linked, package: carrier.package }), ...missing },
    ],
    ["of a package that bundles something else", { from: carrier, name: "other", ...missing }],
    [
      "by a range, where the lock names no place",
      { to: nodeAt("node_modules/widget", { resolved: null }), ...invalid },
    ],
  ])("%s: npm does not install it, either", (_, part) =>
    expect(faultOf(edge("^2.0.0", part))).toMatchObject({ code: "LOCK_UNSUPPORTED" }),
  );

  it.each<[string, Partial<TreeEdge>]>([
    ["of what only a workspace needs", { from: beyond }],
    ["of a workspace, below it", { from: workspace, to: below }],
    ["within a bundle", { from: inside }],
  ])("%s, from no registry: refused all the same", (_, part) => {
    expect(faultOf(edge("git+https://git.example/x.git", { ...part, ...invalid }))).toMatchObject({
      code: "GIT_DEPENDENCY",
    });
  });
});

describe("what a package asks for", () => {
  it.each([
    ["from git", "git+https://git.example/acme/widget.git", "GIT_DEPENDENCY"],
    ["from git, in short", "github:acme/widget", "GIT_DEPENDENCY"],
    ["by URL", "https://acme.example/widget.tgz", "REMOTE_DEPENDENCY"],
    ["as an archive", "file:../widget.tgz", "FILE_DEPENDENCY"],
    ["as a folder", "file:../widget", "FILE_DEPENDENCY"],
  ])("%s is refused, whatever the lock has in its place", (_, spec, code) => {
    expect(faultOf(edge(spec))).toMatchObject({ code });
    expect(faultOf(edge(spec, { type: "optional", optional: true, missing: true, to: null }))).toMatchObject({ code });
  });

  it.each(["^1.0.0", "1.0.0", "latest", "npm:other@1"])("%s is a registry's", (spec) => {
    expect(faultOf(edge(spec))).toBeNull();
  });

  it("a folder beside the project is linked to, and npm does not walk on; what is inside of it or the project is", () => {
    const of = (location: string) =>
      edge("git+https://git.example/x.git", {
        missing: true,
        to: null,
        from: nodeAt(location),
      });
    expect(faultOf(of("../lib"))).toBeNull();
    expect(faultOf({ ...of("../lib"), spec: "^1.0.0" })).toBeNull();
    expect(faultOf({ ...of("../lib"), to: edge("1").to })).toMatchObject({ code: "GIT_DEPENDENCY" });
    for (const inside of ["lib", "node_modules/a", "../lib/node_modules/a"])
      expect(faultOf(of(inside))).toMatchObject({ code: "GIT_DEPENDENCY" });
  });

  it("a lock that does not fit package.json is refused, but for optional packages and peers", () => {
    expect(faultOf(edge("^2.0.0", { invalid: true }))).toMatchObject({ code: "LOCK_UNSUPPORTED" });
    expect(faultOf(edge("^2.0.0", { missing: true, to: null }))).toMatchObject({ code: "LOCK_UNSUPPORTED" });
    expect(faultOf(edge("^2.0.0", { missing: true, to: null, type: "optional", optional: true }))).toBeNull();
  });
});

describe("what a package brings along itself", () => {
  const bare = { resolved: null, integrity: null, package: { inBundle: true } };
  const deep = "node_modules/carrier/node_modules/widget";
  it.each<[string, TreeNode, boolean]>([
    ["as npm reads it", nodeAt(deep, { getBundler: () => nodeAt("node_modules/carrier") }), true],
    ["a workspace bundles it: npm installs it", nodeAt(deep, { getBundler: () => nodeAt("packages/a") }), false],
    ["a link bundles it", nodeAt(deep, { getBundler: () => nodeAt("node_modules/a", { isLink: true }) }), false],
    ["the lock alone says so, of what it names no place for", nodeAt(deep, bare), true],
    ["the lock says so, and names a place", nodeAt(deep, { ...bare, resolved: "https://npm.example/x.tgz" }), false],
    ["the lock says so, and names bytes", nodeAt(deep, { ...bare, integrity: "sha512-AAAA" }), false],
    ["the lock says nothing of the kind", nodeAt(deep, { ...bare, package: {} }), false],
    ["the lock says so at the top, where nothing carries it", nodeAt("node_modules/widget", bare), false],
  ])("%s", (_, node, expected) => expect(isBundledByPackage(node)).toBe(expected));
});
