import { loadConfig } from "../../../../plugins/npm/config.ts";
import {
  countsForTools,
  installsNothing,
  npmrcForTools,
  refuseProjectCall,
} from "../../../../plugins/npm/exec/project-settings.ts";
import { findNpm } from "../../../../plugins/npm/installer.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import npmDefinitions from "@npmcli/config/lib/definitions/index.js";
import fc from "fast-check";
import { expect, test } from "vitest";

async function configOf(npmrc: string, env: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(join(folder, ".npmrc"), npmrc);
  const npm = await findNpm(folder, process.env);
  return loadConfig(
    npm,
    ["exec"],
    folder,
    { PATH: process.env["PATH"], HOME: temporaryFolder(), ...env },
    countsForTools,
  );
}

test("npm reads what is left as it read the whole: keys, values, lists, variables", async () => {
  const npmrc = [
    "; a comment",
    'registry = "https://npm.example/"',
    "//npm.example/:_authToken=${TOKEN}",
    "//npm.example/:username=a\\${TOKEN}",
    '"@acme:registry"=https://acme.example/',
    "omit[]=dev",
    "omit[]=peer",
    "audit=false",
    "fund",
    "init-author-name='it''s; \"x\" = # é'",
    "script-shell=./evil",
    "call=evil",
    "[section]",
    "key=value",
  ].join("\n");
  const { projectNpmrc: before, ...config } = await configOf(npmrc, { TOKEN: "t" });
  const { projectNpmrc: after, ...again } = await configOf(npmrcForTools(before), { TOKEN: "t" });
  const kept = Object.entries(before).filter(([key]) => /registry$|^\/\//.test(key));
  expect(after).toEqual(Object.fromEntries(kept));
  expect(kept).toHaveLength(4);
  for (const key of ["registry", "//npm.example/:_authToken", "//npm.example/:username", "@acme:registry"])
    expect(again.get(key)).toEqual(config.get(key));
  expect(again.get("//npm.example/:_authToken")).toBe("t");
});

test("whatever a value is", async () => {
  const value = fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n\0]/.test(text));
  await fc.assert(
    fc.asyncProperty(value, async (text) => {
      const { projectNpmrc } = await configOf(npmrcForTools({ "//npm.example/:_password": text, "script-shell": "x" }));
      expect(Object.keys(projectNpmrc)).toEqual(["//npm.example/:_password"]);
      expect(String(projectNpmrc["//npm.example/:_password"])).toBe(text);
    }),
    { numRuns: 50 },
  );
});

test("the user's own settings choose, also where the project has others", async () => {
  const npmrc = "yes=false\nnode-options=--require=./evil.cjs\neditor=./evil\ncall=evil\npython=./evil\n";
  const project = await configOf(npmrc);
  expect(installsNothing(project)).toBe(false);
  expect(() => refuseProjectCall(project)).toThrow(expect.objectContaining({ code: "PROJECT_NPMRC" }));
  expect(JSON.stringify(project.exported)).not.toContain("evil");
  const own = await configOf(npmrc, { npm_config_yes: "false", npm_config_call: "mine", npm_config_editor: "ed" });
  expect(installsNothing(own)).toBe(true);
  expect(() => refuseProjectCall(own)).not.toThrow();
  expect(own.exported).toMatchObject({ EDITOR: "ed" });
});

test("every key of npm's table, and unknown ones, but for registries and credentials is the user's alone", async () => {
  const keys = [...Object.keys(npmDefinitions.definitions), "nodedir", "x_binary_host", "__proto__", "constructor"];
  const counting = keys.filter(countsForTools);
  expect(counting).toEqual(["registry"]);
  expect(["@a:registry", "//h/:_authToken", "//h:1/a/:_auth"].every(countsForTools)).toBe(true);
  expect(["//h/:certfile", "@a/b:registry", "//h/:tokenHelper"].some(countsForTools)).toBe(false);
});
