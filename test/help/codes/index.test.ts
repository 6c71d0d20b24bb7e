import { allCodes, codeText, shownCode } from "../../../src/help/codes/index.ts";
import { CODES } from "../../../src/model/codes.ts";
import { ERRORS } from "../../../src/model/errors/index.ts";
import { explain } from "../../../src/commands/explain.ts";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../../..");
const files = ["src", "plugins"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join(folder, path)),
);
const given = files
  .filter((path) => !/^src\/(?:model|help)\//.test(path))
  .map((path) => readFileSync(join(ROOT, path), "utf8"))
  .join("\n");

describe("codes of a run", () => {
  const all = Object.entries(ERRORS).flatMap(([kind, table]) =>
    Object.keys(table).map((code) => [kind, code] as const),
  );

  it.each(all)("%s: %s is given somewhere", (_, code) => {
    expect(given).toContain(`"${code}"`);
  });

  const thrown = [...given.matchAll(/SafeInstallError\(\s*"([a-z]+)",\s*"([A-Z_]+)"/g)].map(
    ([, kind = "", code = ""]) => [code, kind] as const,
  );
  it("every one that is thrown stands under its kind, or is a code of a package", () => {
    expect(thrown.length).toBeGreaterThan(80);
    const strangers = thrown.filter(
      ([code, kind]) => !(code in CODES) && !(code in ERRORS[kind as keyof typeof ERRORS]),
    );
    expect(strangers).toEqual([]);
  });
});

describe("what is said of a code", () => {
  it("one of a package", () => {
    expect(shownCode(codeText("TOO_NEW") as never)).toBe(
      [
        "TOO_NEW",
        "  younger than the rule's minimumAge, or without a verified time",
        "  exit         65, denied by policy",
        "  audit mode   reports it and installs",
        "  exception    may excuse it",
        '  for example  "minimumAge": "72h" and the package was signed yesterday',
        "  what to do   Wait, or take the version before. An urgent fix gets an exception",
        "               for its digest.",
        "",
      ].join("\n"),
    );
  });

  it("one that stops a package as well as a run says both", () => {
    expect(codeText("OPTION_REFUSED")?.meanings.map(({ exit }) => exit)).toEqual([66, 64]);
  });

  it.each(allCodes().map((one) => [one.code, one] as const))("%s fits the screen, and says what to do", (_, one) => {
    expect(one.meanings.length).toBeGreaterThan(0);
    for (const { todo, meaning } of one.meanings) {
      expect(todo).toMatch(/^\S.{5,}$/);
      expect(meaning).toMatch(/^[^A-Z].*[^.]$/);
    }
    for (const line of shownCode(one).split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("no other word is a code", () => {
    for (const word of ["left-pad", "no_rule", "NO_RULES", "toString", ""]) expect(codeText(word)).toBeNull();
  });
});

it("explain CODE prints it, and asks for no project", async () => {
  let shown = "";
  const screen = { isTTY: false, columns: 80, write: (text: string) => (shown += text) !== "" };
  const runtime = {
    cwd: "/nowhere",
    env: {},
    home: "/nowhere",
    signal: AbortSignal.abort(),
    stdout: screen,
    stderr: screen,
  };
  expect(await explain(["NO_RULE"], runtime)).toBe(0);
  expect(shown).toBe(shownCode(codeText("NO_RULE") as never));
});
