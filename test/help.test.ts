import { help } from "../src/help.ts";
import { expect, it } from "vitest";

it.each([null, "check", "verify", "cache", "trust", "policy", "init", "explain"])(
  "help for %s fits a terminal of 80 columns",
  (topic) => {
    expect(
      help(topic)
        .split("\n")
        .filter((line) => line.length > 80),
    ).toEqual([]);
  },
);

it("an unknown topic gets the general help", () => {
  expect(help("frobnicate")).toBe(help(null));
});
