import { answer } from "../../src/report/answer.ts";
import { describeError, errorJson } from "../../src/report/error.ts";
import { SafeInstallError } from "../../src/errors.ts";
import type { Runtime } from "../../src/runtime.ts";
import { expect, it } from "vitest";

function asked(json: boolean) {
  let shown = "";
  const stdout = { write: (text: string) => void (shown += text), isTTY: false, columns: 70 };
  const said = {
    text: (_: unknown, columns: number) => `for ${columns} columns\n`,
    json: () => ({ found: ["a\u202e"] }),
  };
  const exit = answer("policy lint", 78, said, { stdout, env: {}, json } as unknown as Runtime);
  return { exit, shown };
}

it("an answer is text for people, or one object", () => {
  expect(asked(false)).toEqual({ exit: 78, shown: "for 70 columns\n" });
  const { exit, shown } = asked(true);
  expect(exit).toBe(78);
  expect(JSON.parse(shown)).toEqual({ schemaVersion: 1, command: "policy lint", exit: 78, found: ["a\u202e"] });
  expect(shown).not.toContain("\u202e");
});

it("an error is one object, too", () => {
  const runtime = (aborted: boolean) => ({ signal: { aborted } }) as unknown as Runtime;
  const error = new SafeInstallError("usage", "USAGE", "what?", { hint: "this" });
  expect(JSON.parse(errorJson(error, runtime(false)))).toEqual({
    schemaVersion: 1,
    error: { kind: "usage", code: "USAGE", message: "what?", hint: "this" },
  });
  const plain = new SafeInstallError("usage", "USAGE", "what?");
  expect(JSON.parse(errorJson(plain, runtime(false)))).toMatchObject({ error: { hint: "safe-install explain USAGE" } });
  expect(JSON.parse(errorJson(new TypeError("x"), runtime(false)))).toMatchObject({ error: { code: "INTERNAL" } });
  expect(JSON.parse(errorJson(plain, runtime(true)))).toMatchObject({ error: { code: "INTERRUPTED" } });
});

it("who interrupts it hears that nothing is left half done; where something is, of that", () => {
  const stderr = { write: () => {}, isTTY: false, columns: 80 };
  const runtime = { signal: { aborted: true }, stderr, env: {} } as unknown as Runtime;
  const error = (code: "USAGE" | "CANNOT_PUT_BACK") =>
    new SafeInstallError("unavailable", code, "what?", { hint: "this" });
  expect(describeError(error("USAGE"), runtime)).toBe("safe-install: interrupted; nothing is left half done\n");
  expect(describeError(error("CANNOT_PUT_BACK"), runtime)).toContain("CANNOT_PUT_BACK  what?");
  expect(JSON.parse(errorJson(error("CANNOT_PUT_BACK"), runtime))).toMatchObject({
    error: { code: "CANNOT_PUT_BACK" },
  });
});
