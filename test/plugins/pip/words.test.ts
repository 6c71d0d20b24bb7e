import { assertMeant, type PipWords } from "../../../plugins/pip/words.ts";
import type { Request } from "../../../src/plugin.ts";
import { expect, it } from "vitest";

const meant = (isGlobal: boolean, request: Partial<Request>) => () =>
  assertMeant({ isGlobal, prefix: "/usr" } as PipWords, { purpose: "install", args: [], cwd: "/", ...request });

it("the system's own pip is meant where somebody typed it or says so, and nowhere else", () => {
  expect(meant(true, {})).toThrow(expect.objectContaining({ kind: "usage", code: "PIP_GLOBAL" }));
  for (const request of [{ system: true }, { program: ["/usr/bin/pip"] }]) expect(meant(true, request)).not.toThrow();
  expect(meant(false, {})).not.toThrow();
});
