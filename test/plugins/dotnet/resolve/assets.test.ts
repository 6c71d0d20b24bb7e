import { compareAssets, parseAssets, resolutionOf } from "../../../../plugins/dotnet/resolve/assets.ts";
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

it("what each package needs, as it was resolved; of what is only downloaded nobody knows", () => {
  const library = { type: "package", sha512: HASH };
  const text = JSON.stringify({
    libraries: { "A/1.0.0": library, "B/1.0.0": library, "B/2.0.0": library, "Lib/1.0.0": { type: "project" } },
    project: { frameworks: { net: { downloadDependencies: [{ name: "Pack", version: "[2.0.0]" }] } } },
    targets: {
      net10: { "A/1.0.0": { dependencies: { b: "1.0.0", Lib: "1.0.0", Gone: "1.0.0" } }, "B/2.0.0": {} },
      net9: { "A/1.0.0": { dependencies: { B: "1.0.0" } }, "B/1.0.0": {} },
    },
  });
  const { wanted } = resolutionOf(parseAssets(text));
  expect([...wanted].map(([key, { needs }]) => [key, needs])).toEqual([
    ["a/1.0.0", ["pkg:nuget/B@1.0.0", "pkg:nuget/B@2.0.0"]],
    ["b/1.0.0", []],
    ["b/2.0.0", []],
    ["pack/2.0.0", undefined],
  ]);
});
