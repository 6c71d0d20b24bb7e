import type { NpmConfig } from "../../../../plugins/npm/config.ts";
import { execCommandOf, registrySpec } from "../../../../plugins/npm/exec/command.ts";
import { describe, expect, it, test } from "vitest";

/** As npm's configuration answers: what nobody set is an empty text or an empty list. */
function read(words: readonly string[], set: Readonly<Record<string, unknown>> = {}, creates = false) {
  const all: Readonly<Record<string, unknown>> = { call: "", package: [], ...set };
  const config = { get: (key: string) => all[key] } as NpmConfig;
  return execCommandOf({ kind: "exec", args: words, words, creates, options: {} }, config);
}

const denied = (code: string, message: RegExp) => ({
  kind: code === "USAGE" ? "usage" : "unbound",
  code,
  message: expect.stringMatching(message) as string,
});

describe("what npm exec is to run", () => {
  it("the first word is the package, and stands for its command", () => {
    expect(read(["cowsay@1", "--", "moo"])).toEqual({
      packages: ["cowsay@1"],
      isPackage: true,
      words: ["cowsay@1", "--", "moo"],
      call: null,
    });
  });

  it("where packages are named, the first word is a command of them", () => {
    const asked = { packages: ["a", "b@2"], isPackage: false, words: ["tool", "x"], call: null };
    expect(read(["tool", "x"], { package: ["a", "b@2"] })).toEqual(asked);
    expect(read(["tool"], { package: "a" })).toEqual({ ...asked, packages: ["a"], words: ["tool"] });
  });

  it("what is no name of a package counts for none", () => {
    expect(read(["tool"], { package: ["", null, "a"] }).packages).toEqual(["a"]);
    expect(read(["tool"], { package: [""] })).toMatchObject({ packages: ["tool"], isPackage: true });
  });

  it("--call is for a shell, with the packages that are named and no other", () => {
    expect(read([], { call: "a && b" })).toEqual({ packages: [], isPackage: false, words: [], call: "a && b" });
    expect(read([], { call: "a", package: ["x"] })).toMatchObject({ packages: ["x"], call: "a" });
  });

  it("without a word and a call there is nothing to be had", () => {
    expect(read([])).toEqual({ packages: [], isPackage: false, words: [], call: null });
    expect(read([], { call: null })).toMatchObject({ call: null });
  });

  it("--call and a command exclude each other", () => {
    expect(() => read(["tool"], { call: "a" })).toThrow(expect.objectContaining(denied("USAGE", /^--call and/)));
  });
});

describe("npm init NAME", () => {
  test.each([
    ["react-app", "create-react-app@*"],
    ["react-app@1.2.3", "create-react-app@1.2.3"],
    ["@acme", "@acme/create"],
    ["@acme@2", "@acme/create@2"],
    ["@acme@", "@acme/create@"],
    ["@acme/app", "@acme/create-app@*"],
    ["@acme/app@next", "@acme/create-app@next"],
  ])("%s runs %s", (initializer, spec) => {
    expect(read([initializer, "--typescript", "."], {}, true)).toEqual({
      packages: [spec],
      isPackage: true,
      words: [spec, "--typescript", "."],
      call: null,
    });
  });

  it("creates from a registry alone", () => {
    expect(() => read(["github:acme/app"], {}, true)).toThrow(expect.objectContaining(denied("GIT_DEPENDENCY", /app/)));
  });
});

describe("a package of a registry", () => {
  test.each([
    ["a", "a", "*"],
    ["a@1.0.0", "a", "1.0.0"],
    ["@s/a@^1", "@s/a", "^1"],
    ["mine@npm:other@2", "mine", "npm:other@2"],
  ])("%s lies in %s", (spec, name, rawSpec) => {
    expect(registrySpec(spec)).toEqual({ name, rawSpec });
  });

  test.each([
    ["acme/app", "GIT_DEPENDENCY"],
    ["git+https://h.example/a.git", "GIT_DEPENDENCY"],
    ["https://h.example/a.tgz", "REMOTE_DEPENDENCY"],
    ["./a", "FILE_DEPENDENCY"],
    ["./a.tgz", "FILE_DEPENDENCY"],
  ])("%s is none: %s", (spec, code) => {
    expect(() => registrySpec(spec)).toThrow(
      expect.objectContaining({ ...denied(code, /./), message: expect.stringContaining(spec) as string }),
    );
  });

  it("what npm cannot read is a slip of the keys", () => {
    expect(() => registrySpec("a b")).toThrow(expect.objectContaining(denied("USAGE", /^a b: /)));
    expect(() => registrySpec("")).toThrow(expect.objectContaining(denied("USAGE", /names no package/)));
  });
});
