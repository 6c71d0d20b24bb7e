import { interpreterIn, pipCommand } from "../../../plugins/pip/installer.ts";
import { describe, expect, it } from "vitest";

describe("the interpreter that a launcher names", () => {
  it.each([
    ["#!/usr/bin/python3\n# -*- coding: utf-8 -*-\n", "/usr/bin/python3"],
    ['#!"/with space/bin/python3.12" -I\n', "/with space/bin/python3.12"],
    ["#!/usr/bin/env python3\n", "python3"],
    ["#!/opt/pypy/bin/pypy3\r\n", "/opt/pypy/bin/pypy3"],
    [`#!/bin/sh\n'''exec' "/very/long path/bin/python" "$0" "$@"\n' '''\n`, "/very/long path/bin/python"],
    [`#!/bin/sh\n'''exec' /very/long/bin/python "$0" "$@"\n' '''\n`, "/very/long/bin/python"],
    ["#!/usr/bin/env bash\nexec pyenv exec pip\n", null],
    ["#!/bin/sh\nexec python -m pip\n", null],
    ["MZ\u0090\u0000", null],
    ["", null],
  ])("%j", (beginning, expected) => {
    expect(interpreterIn(beginning)).toBe(expected);
  });
});

it("pip passes as it was typed; by words of Python, or to uninstall, no module of the working directory takes its place", () => {
  const pip = { launcher: "/v/bin/pip", words: [] as string[], python: "/v/bin/python" } as unknown as Parameters<
    typeof pipCommand
  >[0];
  const passed = (words: string[], args: string[]) => pipCommand({ ...pip, words }, args, "/here", { A: "1" });
  expect(passed([], ["list"])).toEqual({ file: "/v/bin/pip", args: ["list"], cwd: "/here", env: { A: "1" } });
  for (const one of [passed(["-m", "pip"], ["list"]), passed([], ["uninstall", "x"])])
    expect(one).toMatchObject({ file: "/v/bin/python", env: { A: "1", PYTHONSAFEPATH: "1" } });
});
