import npmDefinitions from "@npmcli/config/lib/definitions/index.js";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const files = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" })
  .split("\n")
  .filter((path) => path !== "" && !path.startsWith("fixtures/projects/npm/stacks/"));
const textOf = (path: string) => readFileSync(resolve(ROOT, path), "utf8");

describe("the repository", () => {
  it("names no registry's host: npm's default comes from npm's own configuration", () => {
    const host = new URL(String(npmDefinitions.definitions["registry"]?.default)).hostname;
    expect(host).toContain(".");
    expect(files.filter((path) => textOf(path).includes(host))).toEqual([]);
  });

  it("has a lockfile without download addresses", () => {
    expect(textOf("package-lock.json")).not.toContain('"resolved"');
  });

  it("has no source file over 9 kB", () => {
    const sources = files.filter((path) => /^(src|plugins)\/.*\.ts$/.test(path));
    expect(sources.filter((path) => statSync(resolve(ROOT, path)).size > 9000)).toEqual([]);
  });

  it("asks one module whether a path is inside", () => {
    const sources = files.filter((path) => /^(src|plugins)\/.*\.ts$/.test(path) && path !== "src/io/inside.ts");
    const byHand = /startsWith\(["'`]\.\.(?:["'`]|\$)/;
    expect(sources.filter((path) => byHand.test(textOf(path)))).toEqual([]);
  });
});
