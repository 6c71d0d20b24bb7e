import { compareAssets, parseAssets } from "../../../../plugins/dotnet/resolve/assets.ts";
import { describe, expect, it } from "vitest";

const HASH = Buffer.alloc(64, 1).toString("base64");

describe("project.assets.json against the proven set", () => {
  const text = (more: object = {}) =>
    JSON.stringify({
      libraries: { "Acme.Widget/1.0.0": { type: "package", sha512: HASH }, "Lib/1.0.0": { type: "project" } },
      packageFolders: { "/run/packages/": {} },
      project: {
        restore: { projectPath: "/a.csproj" },
        frameworks: { net: { downloadDependencies: [{ name: "Acme.Pack", version: "[2.0.0, 2.0.0]" }] } },
      },
      ...more,
    });
  const hex = Buffer.from(HASH, "base64").toString("hex");
  const proven = new Map([
    ["acme.widget/1.0.0", hex],
    ["acme.pack/2.0.0", hex],
  ]);
  const compare = (more: object = {}, set = proven) => compareAssets(parseAssets(text(more)), set, "/run/packages");

  it("agrees", () => expect(compare()).toEqual([]));
  it("another hash", () =>
    expect(compare({}, new Map([...proven, ["acme.widget/1.0.0", "00"]]))).toEqual([
      "Acme.Widget 1.0.0 has another content hash",
    ]));
  it("a package that was not proven", () =>
    expect(compare({}, new Map([["acme.pack/2.0.0", hex]]))).toEqual(["Acme.Widget 1.0.0 was not proven"]));
  it("a download that was not proven", () =>
    expect(compare({}, new Map([["acme.widget/1.0.0", hex]]))).toEqual(["Acme.Pack 2.0.0 was not proven"]));
  it("another packages folder", () =>
    expect(compare({ packageFolders: { "/run/packages": {}, "/home/packages": {} } })).toEqual([
      "/home/packages is used as a packages folder",
    ]));
  it("something unresolved", () =>
    expect(() => parseAssets(text({ libraries: { "X/1.0.0": { type: "unresolved" } } }))).toThrow(/unresolved/));
});
