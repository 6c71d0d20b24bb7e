import { isOwnRef, KNOWN_BUILDERS, knownBuilder, workflowIn } from "../../../src/policy/signers/builders.ts";
import { page } from "../../support/pages.ts";
import { describe, expect, it } from "vitest";

describe("the table of known builders", () => {
  it("names each workflow once, without a ref, with the page that says its level", () => {
    const names = KNOWN_BUILDERS.map(({ workflow }) => workflow);
    expect(new Set(names).size).toBe(names.length);
    for (const { workflow, source } of KNOWN_BUILDERS) {
      expect(workflow).toMatch(/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w.-]+\.ya?ml$/);
      expect(new URL(source).protocol).toBe("https:");
    }
    expect(new Set(names.map((name) => name.split("/")[3])).size).toBeGreaterThan(3);
  });

  it("is the one of docs/slsa.md", () => {
    const rows = page("docs/slsa.md")
      .text.split("\n")
      .filter((line) => /^\| `[\w-]+\/[\w.-]+`:/.test(line));
    const documented = rows.flatMap((row) => {
      const [, workflows = "", level = ""] = row.split("|");
      return workflows.split(";").flatMap((part) => {
        const [repository, ...files] = [...part.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
        return files.map((file) => `https://github.com/${repository}/.github/workflows/${file} ${level.trim()}`);
      });
    });
    expect(documented.toSorted()).toEqual(
      KNOWN_BUILDERS.map(({ workflow, level }) => `${workflow} ${level}`).toSorted(),
    );
  });

  it.each(KNOWN_BUILDERS.map(({ workflow, level }) => [workflow, level] as const))(
    "%s is known, of level %i at a release, and of none at a commit or a pull request",
    (path, level) => {
      expect(knownBuilder({ path, ref: "refs/tags/v2.1.0" })?.level).toBe(level);
      for (const ref of ["refs/tags/v2", "refs/tags/v2.1.0-rc.1", "refs/heads/main"])
        expect(knownBuilder({ path, ref })?.level).toBe(level === 3 ? undefined : level);
      for (const ref of ["c".repeat(40), "refs/pull/1/merge", "refs/tags/", "v2.1.0"])
        expect(knownBuilder({ path, ref })).toBeNull();
      expect(knownBuilder({ path: path.replace("github.com/", "github.com/x"), ref: "refs/tags/v2.1.0" })).toBeNull();
    },
  );
});

it.each([
  ["https://x.example/a/.github/workflows/b.yml@refs/heads/main", "refs/heads/main"],
  ["no ref", null],
  ["two@refs@1", null],
  ["@refs/heads/main", null],
  ["x@", null],
])("the ref of %s is %s", (uri, ref) => expect(workflowIn(uri)?.ref ?? null).toBe(ref));

it("a ref that is no tag and no branch may be anybody's", () => {
  expect(isOwnRef({ path: "x", ref: "refs/heads/a/b" })).toBe(true);
  expect(isOwnRef({ path: "x", ref: "refs/notes/x" })).toBe(false);
});
