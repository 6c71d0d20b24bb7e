import { faultOf } from "../../../../plugins/npm/resolve/edges.ts";
import type { TreeEdge, TreeNode } from "../../../../plugins/npm/resolve/tree.ts";
import { describe, expect, it } from "vitest";

/** An edge of a package in node_modules to one that the lock has. */
function edge(spec: string, part: Partial<TreeEdge> = {}): TreeEdge {
  const node = (location: string) => ({ location, realpath: `/project/${location}`, version: "1.0.0" }) as TreeNode;
  const type = "prod";
  const to = node("node_modules/widget");
  const from = node("node_modules/other");
  return { name: "widget", spec, type, optional: false, missing: false, invalid: false, from, to, ...part };
}

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
        from: { location, realpath: "/x" } as TreeNode,
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
