import { readIdentity } from "../../../../plugins/dotnet/bytes/package.ts";
import { XmlFault } from "../../../../plugins/dotnet/xml.ts";
import { ZipFault } from "../../../../plugins/dotnet/zip.ts";
import { makePackage } from "../../../support/nuget/package.ts";
import { makeZip } from "../../../support/nuget/zip.ts";
import { describe, expect, it } from "vitest";

describe("the nuspec", () => {
  const content = (name: string, text: string) => makeZip([{ name, data: Buffer.from(text) }]);
  const metadata = (inner: string) => `<package><metadata>${inner}</metadata></package>`;

  it("says id and version", () =>
    expect(readIdentity(makePackage({ id: "A.B", version: "1.2" }))).toEqual({
      id: "A.B",
      version: "1.2",
      licence: null,
    }));

  it.each([
    ['<license type="expression"> MIT OR Apache-2.0 </license>', "MIT OR Apache-2.0"],
    ['<license type="file">LICENSE.txt</license>', null],
    ["<licenseUrl>https://l.example</licenseUrl>", null],
    ['<license type="expression">MIT</license><license type="expression">BSD</license>', null],
    ['<license type="expression"/>', null],
  ])("names a licence, or a place to look for one: %s", (inner, licence) => {
    const nuspec = metadata(`<id>a</id><version>1.0.0</version>${inner}`);
    expect(readIdentity(content("a.nuspec", nuspec)).licence).toBe(licence);
  });

  it.each<[string, Buffer, typeof ZipFault | typeof XmlFault]>([
    ["two of them", makeZip(["a.nuspec", "b.NUSPEC"].map((name) => ({ name, data: Buffer.from("") }))), ZipFault],
    [
      "two of them, one under an escaped name",
      makeZip(["a.nuspec", "b%2Enuspec"].map((name) => ({ name, data: Buffer.from("") }))),
      ZipFault,
    ],
    ["none at the root", content("lib/a.nuspec", ""), ZipFault],
    ["two ids", content("a.nuspec", metadata("<id>a</id><id>b</id><version>1</version>")), XmlFault],
    ["no version", content("a.nuspec", metadata("<id>a</id>")), XmlFault],
    ["no XML", content("a.nuspec", "<"), XmlFault],
    [
      "an entity",
      content("a.nuspec", `<!DOCTYPE a [<!ENTITY x "y">]>${metadata("<id>&x;</id><version>1</version>")}`),
      XmlFault,
    ],
    [
      "a size that is not true",
      makeZip([{ name: "a.nuspec", data: Buffer.from("abc"), method: 8, central: { size: 2 }, local: { size: 2 } }]),
      ZipFault,
    ],
  ])("%s: refused", (_, bytes, fault) => expect(() => readIdentity(bytes)).toThrow(fault));
});
