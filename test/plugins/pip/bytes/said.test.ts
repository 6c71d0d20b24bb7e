import { neededAmong, saidBy, saidIn } from "../../../../plugins/pip/bytes/said.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { makeWheel } from "../../../support/pypi.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

describe("what METADATA say", () => {
  it.each([
    ["License-Expression: MIT OR Apache-2.0\nLicense: other", "MIT OR Apache-2.0"],
    ["License: BSD", "BSD"],
    ["license: UNKNOWN", null],
    ["License: The whole\n        text of it", null],
    ["Name: w", null],
    ["Name: w\n\nLicense: of the description", null],
  ])("%j: licence %j", (metadata, licence) => {
    expect(saidBy(metadata).licence).toBe(licence);
  });

  const PURLS = new Map([
    ["a", new Set(["pkg:pypi/a@1"])],
    ["b-c", new Set(["pkg:pypi/b-c@2"])],
    ["twice", new Set(["pkg:pypi/twice@1", "pkg:pypi/twice@2"])],
  ]);

  it.each([
    ["B_C>=2\na (==1)", ["pkg:pypi/a@1", "pkg:pypi/b-c@2"]],
    ["a[extra]>1\na; python_version > '3'", ["pkg:pypi/a@1"]],
    ["elsewhere; sys_platform == 'win32'", []],
    ["", []],
    // Nobody evaluates the marker here: rather nothing than half of it.
    ["a\nb-c; extra == 'x'", null],
    ["twice", null],
  ])("%j: what it needs of what is there", (lines, needed) => {
    const headers = lines.split("\n").map((line) => `Requires-Dist: ${line}`);
    expect(neededAmong(saidBy(headers.join("\n")), PURLS)).toEqual(needed);
  });

  it("is read from the wheel; nobody could read what is none", () => {
    const file = join(temporaryFolder(), "w.whl");
    writeFileSync(file, makeWheel({ name: "widget", version: "1.0", requires: ["a>=1"] }).bytes);
    expect(saidIn(file, "widget")?.requires).toEqual([{ name: "a", marked: false }]);
    writeFileSync(file, "none");
    expect(saidIn(file, "widget")).toBeNull();
  });
});
