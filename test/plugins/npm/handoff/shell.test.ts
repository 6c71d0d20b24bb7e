import type { NpmConfig } from "../../../../plugins/npm/config.ts";
import { shellOf } from "../../../../plugins/npm/handoff/shell.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** Only what the user's npm says of its shell is asked. */
function configOf(shell: string | null): NpmConfig {
  return { get: (key: string) => (key === "script-shell" ? shell : undefined) } as unknown as NpmConfig;
}

function program(folder: string, name = "sh"): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, "#!/bin/false\n", { mode: 0o755 });
  return path;
}

describe.skipIf(process.platform === "win32")("the shell of what npm runs", () => {
  it("comes from outside of the project, whatever stands first on PATH", async () => {
    const [project, outside] = [temporaryFolder(), temporaryFolder()];
    const own = join(project, "node_modules", ".bin");
    program(own);
    const wanted = program(outside);
    const env = { PATH: `${own}:${outside}` };
    expect(await shellOf(configOf(null), { outside: project, env })).toBe(wanted);
  });

  it("is refused where there is none outside", async () => {
    const project = temporaryFolder();
    const own = join(project, "node_modules", ".bin");
    program(own);
    const search = { outside: project, env: { PATH: own } };
    await expect(shellOf(configOf(null), search)).rejects.toMatchObject({
      kind: "installer",
      code: "SHELL_NOT_FOUND",
      message: "sh is not on PATH outside of this project",
    });
  });

  it("is looked for by the name that the user's npm is told, and is the path where it is one", async () => {
    const [project, outside] = [temporaryFolder(), temporaryFolder()];
    const wanted = program(outside, "dash");
    const search = { outside: project, env: { PATH: outside } };
    expect(await shellOf(configOf("dash"), search)).toBe(wanted);
    expect(await shellOf(configOf("/opt/sh"), search)).toBe("/opt/sh");
    await expect(shellOf(configOf("zsh"), search)).rejects.toMatchObject({ code: "SHELL_NOT_FOUND" });
  });
});
