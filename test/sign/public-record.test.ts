import { publicRecord, requireMayBePublic } from "../../src/sign/public-record.ts";
import { expect, it } from "vitest";

it("shows what will be public, and nothing that will not", () => {
  const digests = [
    { algorithm: "sha256", hex: "aa" },
    { algorithm: "sha512", hex: "bb" },
  ] as const;
  expect(
    publicRecord({ sourceRepositoryURI: "https://github.com/acme/widget", runnerEnvironment: "x" }, digests),
  ).toEqual([
    { name: "repository", value: "https://github.com/acme/widget" },
    { name: "digest", value: "sha256:aa" },
  ]);
});

it("only what is known to be public goes without a word", () => {
  expect(() => requireMayBePublic({ sourceRepositoryVisibilityAtSigning: "public" }, false)).not.toThrow();
  expect(() => requireMayBePublic({}, true)).not.toThrow();
  for (const visibility of ["private", "internal", "Public", ""])
    expect(() => requireMayBePublic({ sourceRepositoryVisibilityAtSigning: visibility }, false)).toThrow(
      expect.objectContaining({ code: "PUBLIC_LOG" }),
    );
  expect(() => requireMayBePublic({}, false)).toThrow(expect.objectContaining({ code: "PUBLIC_LOG" }));
});
