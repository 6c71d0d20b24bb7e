import { readBuilt } from "../../../../plugins/dotnet/bytes/built.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { makePackage } from "../../../support/nuget/package.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

function read(bytes: Buffer) {
  const file = join(temporaryFolder(), "0");
  writeFileSync(file, bytes);
  return readBuilt({ name: "other.nupkg", location: "dist/other.nupkg", file, digests: [] });
}

const WIDGET = makePackage({ id: "Acme.Widget", version: "1.2.0.0" });

it("the nuspec says which package it is, the file's name says nothing", async () => {
  const found = await read(WIDGET);
  expect(found.package).toMatchObject({ name: "Acme.Widget", version: "1.2.0", purl: "pkg:nuget/Acme.Widget@1.2.0" });
  expect(found.bytes.digests.map(({ algorithm }) => algorithm)).toEqual(["sha256", "sha512"]);
  expect(found.signatures?.("author")).toEqual([]);
});

it.each([
  ["Acme.Widget.1.2.0.nupkg", true],
  ["out/acme.widget.1.2.0.0.NUPKG", true],
  ["acme.widget.1.2.nupkg", true],
  ["Acme.Widget.1.2.0.snupkg", true],
  ["pkg:nuget/Acme.Widget@1.2.0", true],
  ["Acme.Widget.1.2.1.nupkg", false],
  ["Acme.Widget.Extra.1.2.0.nupkg", false],
  ["Acme.1.2.0.nupkg", false],
  ["Other.1.2.0.nupkg", false],
  ["pkg:nuget/Other@1.2.0", false],
  ["pkg:nuget/Acme.Widget@1.2.1", false],
  ["pkg:nuget/Acme.Widget", null],
  ["the artifact", null],
  ["", null],
])("a statement about %j: its name, another's or none", async (stated, expected) => {
  expect((await read(WIDGET)).isSubjectName?.(stated)).toBe(expected);
});

it.each([
  ["ARCHIVE_INVALID", Buffer.from("no zip")],
  ["PACKAGE_MISMATCH", makePackage({ id: "a b", version: "1.0.0" })],
  ["PACKAGE_MISMATCH", makePackage({ id: "widget", version: "one" })],
  ["ARCHIVE_INVALID", makePackage({ id: "widget", version: "1.0.0", files: { "second.nuspec": "<package/>" } })],
])("%s: it is no package", async (code, bytes) => {
  await expect(read(bytes)).rejects.toMatchObject({ denial: { code } });
});
