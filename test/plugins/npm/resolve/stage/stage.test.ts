import { stage } from "../../../../../plugins/npm/resolve/stage/stage.ts";
import { isUnsaved, type Staging } from "../../../../../plugins/npm/resolve/stage/staging.ts";
import type { Changing } from "../../../../../plugins/npm/task.ts";
import { putInto, temporaryFolder } from "../../../../support/folder.ts";
import { testHost } from "../../../../support/npm-session.ts";
import type { Command } from "../../../../../src/plugin.ts";
import { describe, expect, it, test } from "vitest";

/** npm is not started: whatever is refused, is refused before. */
function begin(change: string, files: readonly string[] = [], offline = false) {
  const project = temporaryFolder();
  for (const name of ["package.json", ...files]) putInto(project, name, "{}");
  const commands: Command[] = [];
  const run = (one: Command) => (commands.push(one), Promise.resolve(1));
  const staging = {
    origin: { repositoryRoot: project, project, cwd: project },
    task: { change, specs: [], options: {}, tests: false },
    npm: { folder: "/npm", entry: "/npm/npm.js", version: "11.0.0" },
    config: { flat: {}, get: () => undefined },
    admitted: [],
    archives: [],
    host: { ...testHost({ home: temporaryFolder(), offline }), run },
  } as unknown as Staging;
  return { staged: stage(staging), commands };
}

describe("before npm resolves", () => {
  it("advisories are asked of a registry, or nothing is mended", async () => {
    const { staged, commands } = begin("audit fix", [], true);
    await expect(staged).rejects.toMatchObject({
      kind: "unavailable",
      code: "NOT_RESOLVED",
      message: "advisories are asked of the registry",
      hint: "leave out --offline",
    });
    expect(commands).toEqual([]);
    for (const [change, offline] of [
      ["audit fix", false],
      ["install", true],
    ] as const)
      await expect(begin(change, [], offline).staged).rejects.not.toMatchObject({ hint: "leave out --offline" });
  });

  it.each([".npm-extension.js", ".npm-extension.mjs", ".npm-extension.cjs"])("%s would run", async (name) => {
    const { staged, commands } = begin("install", [name]);
    await expect(staged).rejects.toMatchObject({
      kind: "unbound",
      code: "LOCK_EXTENSION",
      message: `${name} would change what npm resolves`,
    });
    expect(commands).toEqual([]);
  });
});

test.each([
  ["install", false, true],
  ["uninstall", false, true],
  ["install", true, false],
  ["install", undefined, false],
  ["update", false, false],
  ["prune", undefined, false],
])("npm %s with save=%s leaves the project as it is: %s", (change, save, expected) => {
  const config = { get: (key: string) => (key === "save" ? save : undefined) } as never;
  expect(isUnsaved({ change } as Changing, config)).toBe(expected);
});
