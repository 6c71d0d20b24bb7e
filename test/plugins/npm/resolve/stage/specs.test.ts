import { specReader } from "../../../../../plugins/npm/resolve/stage/specs.ts";
import { describe, expect, it, test } from "vitest";

const ROOT = "/repository";
const WHERE = "/repository/app";
const SHA512 = "ab".repeat(64);
const LISTED = [
  { place: { url: "https://h.example/listed.tgz" }, sha512: SHA512 },
  { place: { path: "vendor/listed.tgz" }, sha512: SHA512 },
] as const;

function ask(spec: string, name?: string, listed: readonly (typeof LISTED)[number][] = LISTED) {
  const reader = specReader({ repositoryRoot: ROOT }, listed);
  return { folder: reader.folderOf(spec, name, WHERE, "here"), archives: [...reader.archives] };
}

const NONE = { folder: null, archives: [] };

describe("what a spec names", () => {
  test.each(["a", "a@1.0.0", "@s/a@next", "b@npm:a@1"])("%s: a package of a registry", (spec) => {
    expect(ask(spec)).toEqual(NONE);
  });

  test.each([
    ["^1.0.0", "a"],
    ["npm:other@1", "a"],
    ["latest", "@s/a"],
    ["workspace:*", "a"],
  ])("%s of a name: a package of a registry, or npm's to refuse", (spec, name) => {
    expect(ask(spec, name)).toEqual(NONE);
  });

  it("what npm cannot read is npm's to refuse", () => {
    expect(ask("a b")).toEqual(NONE);
    expect(ask("1", "a b")).toEqual(NONE);
  });

  test.each([
    ["./own", undefined],
    ["file:./own", "own"],
    ["file:own", "own"],
    ["own@file:own", undefined],
  ])("%s: a folder, from where it is written", (spec, name) => {
    expect(ask(spec, name)).toEqual({ folder: "/repository/app/own", archives: [] });
  });

  it("an empty name is no name: the spec says it", () => {
    expect(ask("./own", "")).toEqual({ folder: "/repository/app/own", archives: [] });
  });
});

describe("archives that the policy lists", () => {
  it("one by its address", () => expect(ask("https://h.example/listed.tgz", "listed")).toEqual(NONE));

  it("one by its path, which is remembered with what it has to hash to", () => {
    const found = { folder: null, archives: [["vendor/listed.tgz", SHA512]] };
    expect(ask("file:../vendor/listed.tgz", "listed")).toEqual(found);
    expect(ask("../vendor/listed.tgz")).toEqual(found);
  });
});

describe("what is outside of every registry is refused", () => {
  const refused = (code: string, message: string) =>
    expect.objectContaining({ kind: "unbound", code, message: expect.stringContaining(message) as string }) as Error;

  test.each([
    ["git+ssh://git@h.example/a.git", "GIT_DEPENDENCY", "git+ssh://git@h.example/a.git: a git dependency"],
    ["acme/a", "GIT_DEPENDENCY", "here: acme/a: a git dependency"],
    ["https://h.example/other.tgz", "REMOTE_DEPENDENCY", "here: https://h.example/other.tgz: a dependency by URL"],
    ["file:../vendor/other.tgz", "FILE_DEPENDENCY", "here: file:../vendor/other.tgz: an archive"],
    ["file:/repository/own", "FILE_DEPENDENCY", "here: file:/repository/own: an absolute path"],
  ])("%s: %s", (spec, code, message) => {
    expect(() => ask(spec, "a")).toThrow(refused(code, message));
  });

  it("and what the policy lists, where it lists nothing", () => {
    expect(() => ask("https://h.example/listed.tgz", "a", [])).toThrow(refused("REMOTE_DEPENDENCY", "a.tgz".slice(1)));
    expect(() => ask("file:../vendor/listed.tgz", "a", [])).toThrow(refused("FILE_DEPENDENCY", "an archive"));
  });

  it("each says what can be done", () => {
    const hinted = (hint: string) =>
      expect.objectContaining({ hint: expect.stringContaining(hint) as string }) as Error;
    expect(() => ask("acme/a")).toThrow(hinted("take packages from a registry"));
    expect(() => ask("file:/repository/own", "a")).toThrow(hinted("write it relative to the project"));
  });
});
