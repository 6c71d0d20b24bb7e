import { readBuilt } from "../../../../plugins/pip/bytes/built.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { type Distribution, makeSdist, makeWheel } from "../../../support/pypi.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

function read({ filename, bytes }: Pick<Distribution, "filename" | "bytes">) {
  const file = join(temporaryFolder(), "0");
  writeFileSync(file, bytes);
  return readBuilt({ name: filename, location: `dist/${filename}`, file, digests: [] });
}

const wheel = (name = "My.Widget", version = "1.0") => makeWheel({ name, version });
const sdist = makeSdist({ name: "my-widget", version: "1.0", mark: "/nowhere" });

it("wheel and source distribution are what their metadata say, where their names say the same", async () => {
  const ref = { ecosystem: "pypi", name: "my-widget", version: "1.0", purl: "pkg:pypi/my-widget@1.0" };
  const found = await read(wheel());
  expect(found).toMatchObject({ package: ref, subjectNames: ["my_widget-1.0-py3-none-any.whl"] });
  expect(found.isSubjectName?.("My.Widget-1.0.0-py3-none-any.whl")).toBe(true);
  expect(found.isSubjectName?.("my_widget-1.0-py2-none-any.whl")).toBe(false);
  expect((await read(sdist)).package).toEqual(ref);
});

it.each([
  ["another package's wheel", { ...wheel("other"), filename: wheel().filename }],
  ["another version's wheel", { ...wheel("My.Widget", "1.1"), filename: wheel().filename }],
  ["another package's source", { ...sdist, filename: "other-1.0.tar.gz" }],
  ["another version's source", { ...sdist, filename: "my-widget-1.1.tar.gz" }],
  ["a name that is none", { ...wheel(), filename: "widget.whl" }],
  ["another platform's wheel", { ...wheel(), filename: "my_widget-1.0-py3-none-win_amd64.whl" }],
  ["a wheel that is called good for more", { ...wheel(), filename: "my_widget-1.0-py2.py3-none-any.whl" }],
  [
    "metadata with two names",
    makeWheel({ name: "widget", version: "1.0", metadata: "Name: widget\nName: x\nVersion: 1.0\n" }),
  ],
])("%s is refused", async (_, file) => {
  await expect(read(file)).rejects.toMatchObject({ denial: { code: "PACKAGE_MISMATCH" } });
});

it("tags are those of the WHEEL inside, however many, with a build number before them", async () => {
  const many = makeWheel({
    name: "widget",
    version: "1.0",
    buildTag: "1",
    tag: "py2.py3-none-any",
    tags: ["py3-none-any", "py2-none-any"],
  });
  expect((await read(many)).package.name).toBe("widget");
  const none = makeWheel({ name: "widget", version: "1.0", tags: [] });
  await expect(read(none)).rejects.toMatchObject({
    denial: { details: [{ expected: "py3-none-any", found: "none" }] },
  });
});
