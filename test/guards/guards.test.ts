import { GUARDS } from "./guards.ts";
import { CODES } from "../../src/model/codes.ts";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** `npm run test:guards` removes them; this only keeps the table true. */
describe("guards", () => {
  it.each(GUARDS.map((guard) => [guard.name, guard] as const))("%s: its text is there once", (_, { file, remove }) => {
    const count = textOf(file).split(remove).length - 1;
    expect(count, `${file} holds ${count} times what this guard removes; adapt test/guards:\n${remove}`).toBe(1);
  });

  it("have names of their own", () => {
    expect(new Set(GUARDS.map(({ name }) => name)).size).toBe(GUARDS.length);
  });

  it("there is one for every code that somebody gives", () => {
    const guarded = new Set(GUARDS.flatMap(({ code = [] }) => code));
    expect(Object.keys(CODES).filter((code) => !guarded.has(code as keyof typeof CODES))).toEqual([]);
  });
});
