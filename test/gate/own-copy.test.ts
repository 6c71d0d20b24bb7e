import { refuseOwnCopy } from "../../src/gate/own-copy.ts";
import { temporaryFolder } from "../support/folder.ts";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

async function ask(own: string, repository: string, env: Record<string, string>) {
  const said: string[] = [];
  await refuseOwnCopy(repository, env, (text) => void said.push(text), own);
  return said;
}

it("a copy inside of the project is told of, and refused where CI=true", async () => {
  const project = temporaryFolder();
  const own = join(project, "node_modules", "safe-install", "dist", "src", "gate", "own-copy.js");
  mkdirSync(join(own, ".."), { recursive: true });
  writeFileSync(own, "");
  expect(await ask(own, project, {})).toEqual([expect.stringContaining("lies inside the project")]);
  await expect(ask(own, project, { CI: "true" })).rejects.toMatchObject({ code: "GATE_INSIDE_PROJECT" });
  const link = join(temporaryFolder(), "link");
  symlinkSync(project, link);
  await expect(ask(join(link, "x"), project, { CI: "true" })).rejects.toMatchObject({ code: "GATE_INSIDE_PROJECT" });
});

it("one outside of it says nothing", async () => {
  expect(await ask(join(temporaryFolder(), "x"), temporaryFolder(), { CI: "true" })).toEqual([]);
});
