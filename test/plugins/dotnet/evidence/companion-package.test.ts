import { makeCompanion } from "../../../../plugins/dotnet/evidence/companion-package.ts";
import { readIdentity } from "../../../../plugins/dotnet/bytes/package.ts";
import { dataOf, readZip } from "../../../../plugins/dotnet/zip.ts";
import { addSignature, makePackage } from "../../../support/nuget.ts";
import { expect, it } from "vitest";

const PACKAGE = makePackage({ id: "Acme.Widget", version: "1.2.3-beta" });

it("a bundle lies in a package of its own, of the same version, also where the package is signed", () => {
  for (const nupkg of [PACKAGE, addSignature(PACKAGE, Buffer.from("signature"))]) {
    const { id, version, bytes } = makeCompanion(nupkg, '{"bundle":1}');
    expect([id, version]).toEqual(["Acme.Widget.Sigstore", "1.2.3-beta"]);
    expect(readIdentity(bytes)).toEqual({ id, version, licence: null });
    const { entries } = readZip(bytes);
    expect(entries.map(({ name }) => name).toSorted()).toEqual([
      "Acme.Widget.1.2.3-beta.nupkg.sigstore.json",
      "Acme.Widget.Sigstore.nuspec",
    ]);
    const bundle = entries.find(({ name }) => name.endsWith(".json"))!;
    expect(dataOf(bundle, bytes, 1000).toString("utf8")).toBe('{"bundle":1}');
  }
});

it.each([
  ["no archive", Buffer.from("rubbish")],
  ["a package that does not say which it is", makePackage({ id: "A", version: "1.0.0", nuspec: "<package />" })],
  ["a package whose words are no XML", makePackage({ id: "A", version: "1.0.0", nuspec: "<package" })],
])("%s has none", (_, nupkg) => {
  expect(() => makeCompanion(nupkg, "{}")).toThrow(
    expect.objectContaining({
      kind: "usage",
      code: "NOT_A_PACKAGE",
      message: expect.stringContaining("not a NuGet package: ") as string,
    }) as Error,
  );
});
