import { installerMeant, unlockedCommand } from "../../src/project/meant.ts";
import { temporaryFolder } from "../support/folder.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

it.each([
  ["package.json", "npm", ["npm", "install", "NAME"]],
  ["pyproject.toml", "pip", ["pip", "install", "NAME"]],
  ["requirements.in", "pip", ["pip", "install", "NAME"]],
  ["app.csproj", "dotnet", ["dotnet", "add", "package", "NAME"]],
])("below a %s it is %s, and what installs a package there", async (manifest, installer, command) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, manifest), "");
  mkdirSync(join(folder, "src"));
  for (const cwd of [folder, join(folder, "src")]) {
    expect(await installerMeant(cwd)).toBe(installer);
    expect(await unlockedCommand(cwd)).toEqual(command);
  }
});

it("a folder of nobody's: none, and npm's command", async () => {
  const folder = temporaryFolder();
  expect(await installerMeant(folder)).toBeNull();
  expect(await unlockedCommand(folder)).toEqual(["npm", "install", "NAME"]);
});

it("where a lock speaks for the folder, nothing has to be typed", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "uv.lock"), "");
  expect(await unlockedCommand(folder)).toBeNull();
});
