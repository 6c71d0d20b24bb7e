import { builtFrom, comesFrom, originWords, plainAddress, recordedBefore } from "../../../src/author/propose/origin.ts";
import { sightingsOf } from "../../../src/author/propose/sighting.ts";
import { facts, layer, SHA512, signedBy, WIDGET } from "../../support/policy.ts";
import { describe, expect, it } from "vitest";

describe("plainAddress: one repository in its many spellings", () => {
  it.each([
    "https://github.com/acme/widget",
    "git+https://github.com/acme/widget.git",
    "git+ssh://git@github.com/acme/widget.git",
    "git@github.com:acme/widget.git",
    "github:acme/widget",
    "acme/widget",
    "git://github.com/Acme/Widget.git#main",
    "https://github.com/acme/widget/",
  ])("%s", (text) => {
    expect(plainAddress(text)).toBe("github.com/acme/widget");
  });

  it("another host or owner is another one", () => {
    expect(plainAddress("gitlab:acme/widget")).toBe("gitlab.com/acme/widget");
    expect(plainAddress("https://github.com/acme-evil/widget")).not.toBe("github.com/acme/widget");
  });
});

it("the versions that are recorded of a name, in any spelling of it, without those of longer names", () => {
  const recordedPackages = Object.fromEntries(
    ["pypi/foo-bar@1.0", "pypi/foo-bar@1.1", "pypi/foo-bar-baz@2.0", "npm/foo-bar@3.0.0"].map((one) => [
      `pkg:${one}`,
      [SHA512],
    ]),
  );
  const one = layer({ recorded: { file: "r.json", reason: "r", expires: "2099-01-01" } }, { recordedPackages });
  const ref = { ecosystem: "pypi", name: "Foo_Bar", version: "9", purl: "pkg:pypi/foo-bar@9" } as const;
  expect(recordedBefore(ref, one)).toEqual(["1", "1.1"]);
  expect(recordedBefore(ref, { recorded: null })).toEqual([]);
});

it("all that say where they come from have to say the same, and one of them has to say it", () => {
  const [sighting] = sightingsOf([facts("npm:widget@2.1.0", { verdicts: [signedBy(WIDGET)] })], new Map());
  const built = sighting === undefined ? null : builtFrom(sighting);
  expect(built).toBe("https://github.com/acme/widget");
  const said = (...repositories: readonly (string | null)[]) =>
    repositories.map((repository, at) => ({ version: `${at}`, repository }));
  expect(comesFrom(built, said("acme/widget", null, "git@github.com:acme/widget.git"))).toBe(true);
  for (const other of [
    said(),
    said(null),
    said("acme/widget", "mallory/widget"),
    said("https://gitlab.com/acme/widget"),
  ])
    expect(comesFrom(built, other)).toBe(false);
  expect(comesFrom(null, said("acme/widget"))).toBe(false);
  expect(originWords(said("acme/widget", null, "acme/widget"))).toBe("says that it comes from acme/widget");
  expect(originWords(said(null))).toBe("says nothing of where it comes from");
});
