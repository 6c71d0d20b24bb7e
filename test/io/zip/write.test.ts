import { writeZip } from "../../../src/io/zip/write.ts";
import { dataOf } from "../../../src/io/zip/unzip.ts";
import { readZip } from "../../../src/io/zip/zip.ts";
import { expect, it } from "vitest";

it("what is written is a zip file that a strict reader takes, and holds what was put in", () => {
  const files = { "widget.nuspec": "<package />", "widget.sigstore.json": '{"ä":1}' };
  const archive = writeZip(files);
  const { entries } = readZip(archive);
  expect(entries.map((entry) => [entry.name, dataOf(entry, archive, 1000).toString("utf8")])).toEqual(
    Object.entries(files),
  );
  expect(writeZip(files).equals(archive)).toBe(true);
});
