import { normalVersion, refOf } from "../../../plugins/dotnet/names.ts";
import { describe, expect, it } from "vitest";

describe("versions and ids", () => {
  it.each([
    ["1", "1.0.0"],
    ["1.0", "1.0.0"],
    ["1.0.0.0", "1.0.0"],
    ["1.2.3.4", "1.2.3.4"],
    ["01.002.3", "1.2.3"],
    ["1.0.0-Beta.1", "1.0.0-Beta.1"],
    ["1.0.0+build.5", "1.0.0"],
    ["1.0.0-rc+x", "1.0.0-rc"],
  ])("%s is %s", (text, normal) => expect(normalVersion(text)).toBe(normal));

  it.each(["", "x", "1.*", "[1.0]", "1.0.0-", "1..0", "1.0.0.0.0", "-1.0", "1.0 0"])("%j is none", (text) =>
    expect(normalVersion(text)).toBeNull(),
  );

  it.each(["", "../x", "a/b", "a b", "a\u0130", ".a", "x".repeat(101)])("no id: %j", (id) =>
    expect(refOf(id, "1.0.0")).toBeNull(),
  );

  it("the purl keeps the id's spelling", () => {
    expect(refOf("Acme.Widget", "1.0")).toEqual({
      ecosystem: "nuget",
      name: "Acme.Widget",
      version: "1.0.0",
      purl: "pkg:nuget/Acme.Widget@1.0.0",
    });
  });
});
