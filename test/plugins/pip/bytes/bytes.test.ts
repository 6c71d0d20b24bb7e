import { obtainBytes } from "../../../../plugins/pip/bytes/bytes.ts";
import { packageRef } from "../../../../plugins/pip/distribution.ts";
import { digestOf } from "../../../../src/model/digest.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const BYTES = Buffer.from("a wheel");
const sha = (algorithm: string) => createHash(algorithm).update(BYTES).digest("hex");
const NAME = "widget-1.0-py3-none-any.whl";

function obtain(stated: readonly string[], allowed: readonly string[]) {
  const file = join(temporaryFolder(), NAME);
  writeFileSync(file, BYTES);
  const one = {
    package: packageRef("widget", "1.0"),
    filename: NAME,
    url: `https://i.example/${NAME}`,
    stated: stated.map((hex) => digestOf("sha256", hex)!),
    fetched: { file },
  };
  return obtainBytes(one, allowed);
}

it("bytes are those that the index states, and one of those that the requirements allow", async () => {
  const found = await obtain([sha("sha256")], [`sha256:${"0".repeat(64)}`, `sha256:${sha("sha256")}`]);
  expect(await found.read()).toEqual(BYTES);
  expect((await obtain([], [])).digests).toContainEqual({ algorithm: "sha256", hex: sha("sha256") });
});

it.each([
  ["the index states", ["0".repeat(64)], []],
  ["the requirements state", [], [`sha256:${"0".repeat(64)}`]],
])("other bytes than %s are refused", async (what, stated, allowed) => {
  await expect(obtain(stated, allowed)).rejects.toThrow(`the bytes do not hash to what ${what}`);
});
