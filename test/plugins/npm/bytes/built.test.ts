import { readBuilt } from "../../../../plugins/npm/bytes/built.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { makeTarball, type PackageContent } from "../../../support/tarball.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

function read(content: PackageContent, name = "widget.tgz") {
  const file = join(temporaryFolder(), "0");
  writeFileSync(file, makeTarball(content));
  return readBuilt({ name, location: `dist/${name}`, file, digests: [] });
}

it("the package.json says which package it is, the file's name says nothing", async () => {
  const found = await read({ name: "@acme/widget", version: "1.0.0", scripts: { install: "node-gyp" } }, "other-9.tgz");
  expect(found).toMatchObject({
    package: { ecosystem: "npm", name: "@acme/widget", version: "1.0.0", purl: "pkg:npm/%40acme/widget@1.0.0" },
    subjectNames: ["pkg:npm/%40acme/widget@1.0.0", "acme-widget-1.0.0.tgz"],
    runsScripts: true,
  });
});

it.each(["v1.0.0", "1.0.0+build.7"])("a registry lists %s as 1.0.0", async (version) => {
  expect((await read({ name: "widget", version })).package.version).toBe("1.0.0");
});

it.each([
  ["no name", { manifest: { name: undefined } }],
  ["a name of another type", { manifest: { name: ["widget"] } }],
  ["a name that leads elsewhere", { name: "../widget" }],
  ["an address for a name", { name: "widget@npm:other" }],
  ["no version", { manifest: { version: undefined } }],
  ["a range for a version", { version: "^1.0.0" }],
  ["two package.json", { extra: [{ path: "other/package.json", content: '{"name":"other","version":"1.0.0"}' }] }],
])("%s: it is no package", async (_, part) => {
  await expect(read({ name: "widget", version: "1.0.0", ...part })).rejects.toMatchObject({
    denial: { code: "PACKAGE_MISMATCH" },
  });
});
