import { statedBy } from "../../../plugins/pip/report.ts";
import { expect, it } from "vitest";

const HEX = "a".repeat(64);
const stated = (archive_info?: object) =>
  statedBy({ download_info: { url: "https://i.example/x", archive_info } } as unknown as Parameters<
    typeof statedBy
  >[0]);

it("what pip's report states of a file is each digest that counts, once", () => {
  const sha256 = { algorithm: "sha256", hex: HEX };
  expect(stated({ hash: `sha256=${HEX}`, hashes: { sha256: HEX, md5: "0".repeat(32) } })).toEqual([sha256]);
  expect(stated({ hashes: { sha256: HEX } })).toEqual([sha256]);
  expect(stated()).toEqual([]);
});
