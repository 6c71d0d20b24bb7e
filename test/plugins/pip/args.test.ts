import { classify } from "../../../plugins/pip/args.ts";
import { describe, expect, it } from "vitest";

describe("what a pip command line asks for", () => {
  it.each([
    [[]],
    [["--version"]],
    [["-V"]],
    [["--help"]],
    [["help", "install"]],
    [["list", "--outdated"]],
    [["freeze"]],
    [["uninstall", "-y", "x"]],
    [["-vv", "show", "x"]],
    [["--proxy", "install", "list"]],
    [["install", "--help"]],
    [["cache", "purge"]],
  ])("%j passes", (args) => {
    expect(classify(args).kind).toBe("pass");
  });

  it.each([
    [["install"]],
    [["install", "x"]],
    [["install", "x", "--help"]],
    [["install", "--target", "--help", "x"]],
    [["--no-cache-dir", "install", "x"]],
    [["--proxy", "http://p.example", "install", "x"]],
    [["--proxy=list", "install", "x"]],
    [["--proxy", "--help", "install"]],
    [["-q", "--timeout", "3", "install", "-r", "r.txt"]],
  ])("%j is gated", (args) => {
    expect(classify(args).kind).toBe("gate");
  });

  it.each([
    [["--python", "list", "install", "x"]],
    [["-q", "--python=/x/bin/python", "install", "x"]],
    [["download", "x"]],
    [["wheel", "."]],
    [["lock", "."]],
    [["sync"]],
    [["Install", "x"]],
    [["--prox", "list", "install", "x"]],
    [["--frobnicate", "list"]],
    [["-x", "list"]],
    [["--", "install", "x"]],
  ])("%j is refused", (args) => {
    expect(classify(args).kind).toBe("refuse");
  });
});
