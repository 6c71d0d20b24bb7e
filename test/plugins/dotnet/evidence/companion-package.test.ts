import { writeZip } from "../../../../plugins/dotnet/evidence/companion-package.ts";
import { dataOf, readZip } from "../../../../plugins/dotnet/zip.ts";
import { expect, it } from "vitest";

it("a companion package is a zip file that a strict reader takes, and holds what was put in", () => {
  const files = { "widget.nuspec": "<package />", "widget.sigstore.json": '{"ä":1}' };
  const archive = writeZip(files);
  const { entries } = readZip(archive);
  expect(entries.map((entry) => [entry.name, dataOf(entry, archive, 1000).toString("utf8")])).toEqual(
    Object.entries(files),
  );
  expect(writeZip(files).equals(archive)).toBe(true);
});
