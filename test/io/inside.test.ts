import { isInside, leadsInside, resolveLinks, wayTo } from "../../src/io/inside.ts";
import { temporaryFolder } from "../support/folder.ts";
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("isInside", () => {
  it.each([
    ["/r", "/r", true],
    ["/r/a", "/r", true],
    ["/r/..a", "/r", true],
    ["/r/..a/b", "/r", true],
    ["/r/...", "/r", true],
    ["/", "/r", false],
    ["/ra", "/r", false],
    ["/r/../s", "/r", false],
    ["/r/a/..", "/r", true],
    ["/s", "/r", false],
    ["/r", "/", true],
  ])("%s in %s: %s", (path, folder, expected) => {
    expect(isInside(path, folder)).toBe(expected);
  });

  it("agrees with the segments of both paths", () => {
    const segment = fc.constantFrom("a", "b", "..a", "...", ".a", "a..");
    const path = fc.array(segment, { maxLength: 5 });
    fc.assert(
      fc.property(path, path, (one, other) => {
        const expected = other.every((name, at) => one[at] === name);
        expect(isInside(`/${one.join("/")}`, `/${other.join("/")}`)).toBe(expected);
      }),
    );
  });
});

describe("leadsInside", () => {
  it("follows links on both sides, and links to what is not there yet", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "repository/deep"), { recursive: true });
    mkdirSync(join(folder, "elsewhere"));
    symlinkSync("repository", join(folder, "alias"));
    symlinkSync("../repository/deep", join(folder, "elsewhere/in"));
    symlinkSync("../elsewhere", join(folder, "repository/out"));
    symlinkSync("../elsewhere/new", join(folder, "repository/dangling"));
    symlinkSync("dangling", join(folder, "repository/twice"));
    const inRepository = (path: string) => leadsInside(join(folder, path), join(folder, "alias"));
    expect(await inRepository("repository")).toBe(true);
    expect(await inRepository("elsewhere/in/new/file")).toBe(true);
    expect(await inRepository("repository/new/file")).toBe(true);
    expect(await inRepository("repository/out")).toBe(false);
    expect(await inRepository("repository/out/new")).toBe(false);
    expect(await inRepository("repository/dangling")).toBe(false);
    expect(await inRepository("repository/twice")).toBe(false);
    expect(await inRepository("elsewhere")).toBe(false);
  });

  it("does not say where links go round in a circle", async () => {
    const folder = temporaryFolder();
    symlinkSync("b", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
    await expect(leadsInside(join(folder, "a"), folder)).rejects.toMatchObject({ code: "ELOOP" });
  });

  // A folder that is shown in two places stands for one with two spellings: both are the file system's own answer.
  it.skipIf(spawnSync("unshare", ["-rm", "true"]).status !== 0)(
    "asks the file system which folder it is",
    () => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, "repository/bin"), { recursive: true });
      mkdirSync(join(folder, "Repository"));
      mkdirSync(join(folder, "other"));
      compile(join(folder, "compiled"));
      const program = `import { isInside, leadsInside } from "./compiled/io/inside.js";
      const at = (path) => process.argv[2] + "/" + path;
      const found = [isInside(at("Repository"), at("repository"))];
      for (const path of ["Repository", "Repository/bin", "Repository/bin/new", "other"])
        found.push(await leadsInside(at(path), at("repository")));
      console.log(JSON.stringify(found));`;
      writeFileSync(join(folder, "ask.mjs"), program);
      const script = 'mount --bind "$0/repository" "$0/Repository" && exec "$1" "$0/ask.mjs" "$0"';
      const { stdout, stderr } = spawnSync("unshare", ["-rm", "sh", "-c", script, folder, process.execPath], {
        encoding: "utf8",
      });
      expect([stderr, stdout.trim()]).toEqual(["", "[false,true,true,true,false]"]);
    },
    60_000,
  );
});

it("links are followed as far as there is something", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "real"));
  symlinkSync("real", join(folder, "link"));
  expect(await resolveLinks(join(folder, "link/new/file"))).toBe(join(folder, "real/new/file"));
});

it("a way has slashes", () => {
  expect(wayTo("/r/a", "/r/b/c")).toBe("../b/c");
  expect(wayTo("/r", "/r/a\\b/c")).toBe("a\\b/c");
  expect(wayTo("/r", "/r")).toBe("");
});

/** As JavaScript, for a process of its own. */
function compile(to: string): void {
  const root = resolve(import.meta.dirname, "../..");
  const options = [
    "--module",
    "nodenext",
    "--target",
    "es2023",
    "--types",
    "node",
    "--rewriteRelativeImportExtensions",
  ];
  const file = join(root, "src/io/inside.ts");
  const words = [join(root, "node_modules/.bin/tsc"), file, "--ignoreConfig", "--outDir", to, ...options];
  expect(spawnSync(process.execPath, words, { cwd: root, encoding: "utf8" }).stdout).toBe("");
  writeFileSync(join(to, "package.json"), '{ "type": "module" }');
}
