import { refuseOwnCopy, refuseOwnCopyAround } from "../../src/gate/own-copy.ts";
import { temporaryFolder } from "../support/folder.ts";
import { layRepository } from "../support/repository.ts";
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
  await expect(ask(own, project, { TF_BUILD: "True" })).rejects.toMatchObject({ code: "GATE_INSIDE_PROJECT" });
  const link = join(temporaryFolder(), "link");
  symlinkSync(project, link);
  await expect(ask(join(link, "x"), project, { CI: "true" })).rejects.toMatchObject({ code: "GATE_INSIDE_PROJECT" });
});

it("one outside of it says nothing", async () => {
  expect(await ask(join(temporaryFolder(), "x"), temporaryFolder(), { CI: "true" })).toEqual([]);
});

it("without a project, the repository around the folder counts", async () => {
  const repository = temporaryFolder();
  layRepository(repository);
  const cwd = join(repository, "apps", "a");
  mkdirSync(cwd, { recursive: true });
  const said: string[] = [];
  const stderr = { write: (text: string) => said.push(text) } as never;
  await refuseOwnCopyAround({ cwd, env: {}, stderr }, join(repository, "tools", "x"));
  expect(said).toEqual([expect.stringMatching(/lies inside the project.*\n$/)]);
  const inCi = refuseOwnCopyAround({ cwd, env: { CI: "true" }, stderr }, join(repository, "tools", "x"));
  await expect(inCi).rejects.toMatchObject({ code: "GATE_INSIDE_PROJECT" });
  await refuseOwnCopyAround({ cwd, env: { CI: "true" }, stderr }, join(temporaryFolder(), "x"));
});
