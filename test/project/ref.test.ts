import { resolveRevision, revisionText } from "../../src/project/ref.ts";
import { describe, expect, test } from "vitest";

const ID = "a1b2".padEnd(40, "0");
const OTHER = "c3d4".padEnd(40, "0");

/** A git with these refs and objects, which takes the first place as git does. */
function gitWith(refs: Readonly<Record<string, string>>, ids: readonly string[] = [ID, OTHER]) {
  return {
    refs: async (names: readonly string[]) => new Set(names.filter((name) => Object.hasOwn(refs, name))),
    objects: async (prefix: string) => ids.filter((id) => id.startsWith(prefix)),
    commit: async (expression: string) => {
      const name = expression.replace(/[~^].*$/, "");
      return refs[name] ?? (ids.includes(name) ? name : null);
    },
  };
}
const resolved = async (typed: string, refs: Readonly<Record<string, string>>) => {
  const found = await resolveRevision(typed, gitWith(refs));
  return found === null ? null : revisionText(found);
};

describe("a revision", () => {
  test.each([
    ["main", { "refs/heads/main": ID }, `refs/heads/main (${ID})`],
    ["origin/main", { "refs/remotes/origin/main": ID }, `refs/remotes/origin/main (${ID})`],
    ["origin", { "refs/remotes/origin/HEAD": ID }, `refs/remotes/origin/HEAD (${ID})`],
    ["refs/tags/v1", { "refs/tags/v1": ID }, `refs/tags/v1 (${ID})`],
    ["v1~2^1", { "refs/tags/v1": ID }, `refs/tags/v1~2^1 (${ID})`],
    ["v1~12^", { "refs/tags/v1": ID }, `refs/tags/v1~12^ (${ID})`],
    ["ORIG_HEAD", { ORIG_HEAD: ID }, `ORIG_HEAD (${ID})`],
    [`v${ID}`, { [`refs/tags/v${ID}`]: ID }, `refs/tags/v${ID} (${ID})`],
    ["HEAD", { HEAD: ID }, `HEAD (${ID})`],
    ["@", { "@": ID }, `@ (${ID})`],
    [ID, { [`refs/tags/${ID}`]: OTHER }, ID],
    ["a1b2", {}, ID],
  ])("%s is one commit, and named in full", async (typed, refs, text) =>
    expect(await resolved(typed, refs)).toBe(text),
  );

  test.each([
    ["origin/main", { "refs/tags/origin/main": OTHER, "refs/remotes/origin/main": ID }],
    ["main", { "refs/tags/main": OTHER, "refs/heads/main": ID }],
    ["main", { "refs/main": OTHER, "refs/heads/main": ID }],
    ["HEAD", { HEAD: ID, "refs/tags/HEAD": OTHER }],
    ["a1b2", { "refs/tags/a1b2": OTHER }],
  ])("%s: two answers are none", async (typed, refs) =>
    expect(resolveRevision(typed, gitWith(refs))).rejects.toMatchObject({
      kind: "usage",
      code: "REVISION_AMBIGUOUS",
      hint: expect.stringContaining("write the one that is meant in full") as string,
      message: expect.stringContaining(Object.keys(refs)[0] ?? ""),
    }),
  );

  test("spelled in full, it is itself or nothing", async () => {
    const tag = { "refs/tags/refs/heads/main": OTHER };
    expect(await resolved("refs/heads/main", tag)).toBeNull();
    expect(await resolved("refs/heads/main", { ...tag, "refs/heads/main": ID })).toBe(`refs/heads/main (${ID})`);
    const git = { ...gitWith(tag), commit: async () => OTHER }; // as git itself would answer
    expect(await resolveRevision("refs/heads/main", git)).toBeNull();
  });

  test.each(["", "main..other", "main@{1}", ":/fix", "main:file", "main^{tree}", "ma*n", "nowhere"])(
    "%j is none",
    async (typed) => expect(await resolved(typed, { "refs/heads/main": ID, "refs/heads/other": ID })).toBeNull(),
  );
});

test.each(["", "a..b", "HEAD@{1}", "a b", "a:b", "a?", "~1"])(
  "%j is no name of one: git is not asked",
  async (typed) => {
    const asked: string[] = [];
    const git = {
      refs: (names: readonly string[]) => (asked.push(...names), Promise.resolve(new Set(names.slice(0, 1)))),
      objects: () => Promise.resolve([ID]),
      commit: () => Promise.resolve(ID),
    };
    expect(await resolveRevision(typed, git)).toBeNull();
    expect(asked).toEqual([]);
  },
);

test("the beginning of an id is that of a commit: other objects with it do not count", async () => {
  const [commit, tree] = [ID, `${ID.slice(0, 8)}${"f".repeat(32)}`];
  const git = {
    refs: () => Promise.resolve(new Set<string>()),
    objects: () => Promise.resolve([tree, commit]),
    commit: (expression: string) => Promise.resolve(expression.startsWith(commit) ? commit : null),
  };
  expect(await resolveRevision(ID.slice(0, 8), git)).toEqual({ commit, ref: null, way: "" });
});

test.each(["HEADER", "HEAD2", "AHEAD", "MY_HEADS"])("%s is a branch like others", async (name) => {
  const refs = { [`refs/heads/${name}`]: ID, [name]: OTHER };
  expect(await resolved(name, refs)).toBe(`refs/heads/${name} (${ID})`);
});

test("what means nothing here is not asked for, and whole ids are not looked for", async () => {
  const asked: string[] = [];
  const git = {
    refs: () => Promise.resolve(new Set<string>()),
    objects: (prefix: string) => (asked.push(prefix), Promise.resolve([])),
    commit: (expression: string) => (asked.push(expression), Promise.resolve(ID)),
  };
  expect(await resolveRevision("nowhere", git)).toBeNull();
  expect(asked).toEqual([]);
  expect(await resolveRevision(ID, git)).toEqual({ commit: ID, ref: null, way: "" });
  expect(asked).toEqual([`${ID}^{commit}`, `${ID}^{commit}`]);
});
