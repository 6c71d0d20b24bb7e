import { packageRef } from "../../../plugins/pip/distribution.ts";
import { artifactOf, provenanceOf } from "../../../plugins/pip/part.ts";
import type { IndexPage } from "../../../plugins/pip/simple.ts";
import { digestOf } from "../../../src/model/digest.ts";
import { expect, it } from "vitest";

const HEX = "a".repeat(64);
const chosen = {
  package: packageRef("Widget", "1.0"),
  filename: "widget-1.0-py3-none-any.whl",
  url: "https://i.example/widget-1.0-py3-none-any.whl",
  stated: [digestOf("sha256", HEX)!],
};

it("an artifact is known by its file, also under the names that are the same distribution's", () => {
  const artifact = artifactOf(chosen, ["requirements.txt:1"]);
  expect(artifact).toEqual({
    isSubjectName: expect.any(Function) as unknown,
    package: chosen.package,
    digests: chosen.stated,
    locations: ["requirements.txt:1"],
    subjectNames: [chosen.filename],
    runsScripts: false,
  });
  expect(artifact.isSubjectName?.("Widget-1.0-py3-none-any.whl")).toBe(true);
  expect(artifact.isSubjectName?.("widget-1.1-py3-none-any.whl")).toBe(false);
});

it("provenance is that of this very file: by its address, or by its name and hash", () => {
  const at = (url: string, sha256: string, provenance: string | null, filename = chosen.filename) =>
    [{ url: "https://i.example/", files: [{ filename, url, hashes: { sha256 }, provenance }] }] as IndexPage[];
  const found = (...pages: IndexPage[][]) => provenanceOf(chosen, pages.flat());
  expect(found(at(chosen.url, "", "one"))).toBe("one");
  expect(found(at("https://other.example/x", HEX.toUpperCase(), "two"))).toBe("two");
  expect(found(at("https://other.example/x", "b".repeat(64), "three"))).toBeNull();
  expect(found(at(chosen.url, HEX, "four", "other-1.0-py3-none-any.whl"))).toBeNull();
  expect(found(at(chosen.url, HEX, null), at(chosen.url, HEX, "five"))).toBe("five");
  expect(found()).toBeNull();
});
