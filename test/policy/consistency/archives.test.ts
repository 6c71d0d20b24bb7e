import { archiveProblems } from "../../../src/policy/consistency/archives.ts";
import { describe, expect, it } from "vitest";

const ENTRY = { sha512: "a".repeat(128), reason: "r", expires: "2027-01-01" };
const URL = "https://acme.example/tool.tgz";
const found = (...archives: object[]) => archiveProblems({ version: 1, archives: archives as never });

describe("archives of a policy", () => {
  it.each([
    ["both", { url: URL, path: "a.tgz" }, "exactly one"],
    ["neither", {}, "exactly one"],
    ["http", { url: "http://acme.example/a.tgz" }, "https"],
    ["a day that is none", { url: URL, expires: "2027-02-30" }, "calendar"],
    ["an empty part", { path: "a//b.tgz" }, "path of a file"],
    ["a part that is none", { path: "./b.tgz" }, "path of a file"],
    ["a folder", { path: "vendor/" }, "path of a file"],
  ])("%s", (_, entry, message) => {
    expect(found({ ...ENTRY, ...entry })).toMatchObject([{ message: expect.stringContaining(message) }]);
  });

  it("one place twice: either digest would do", () => {
    expect(found({ ...ENTRY, url: URL }, { ...ENTRY, url: URL, sha512: "b".repeat(128) })).toMatchObject([
      { path: ["archives", 1], message: "archives[0] names the same place" },
    ]);
  });

  it("an address, a path and one further up", () => {
    const places = [
      { url: URL },
      { url: "http://127.0.0.1/a.tgz" },
      { path: "vendor/a-1.0.tgz" },
      { path: "../a.tgz" },
    ];
    expect(found(...places.map((place) => ({ ...ENTRY, ...place })))).toEqual([]);
  });
});
