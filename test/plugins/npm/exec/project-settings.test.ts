import { loadConfig } from "../../../../plugins/npm/config.ts";
import {
  exportedWithoutCode,
  installsNothing,
  npmrcWithoutCode,
  refuseProjectCall,
} from "../../../../plugins/npm/exec/project-settings.ts";
import { findNpm } from "../../../../plugins/npm/installer.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";

async function configOf(npmrc: string, env: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "package.json"), "{}");
  writeFileSync(join(folder, ".npmrc"), npmrc);
  const npm = await findNpm(folder, process.env);
  return loadConfig(npm, ["exec"], folder, { PATH: process.env["PATH"], HOME: temporaryFolder(), ...env });
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
  const { projectNpmrc: after, ...again } = await configOf(npmrcWithoutCode(before), { TOKEN: "t" });
  const { "script-shell": shell, call, section: _, ...rest } = before;
  expect([shell, call]).toEqual(["./evil", "evil"]);
  expect(after).toEqual(rest);
  for (const key of ["registry", "//npm.example/:_authToken", "//npm.example/:username", "@acme:registry", "omit"])
    expect(again.get(key)).toEqual(config.get(key));
  expect(again.get("//npm.example/:_authToken")).toBe("t");
});

test("whatever a value is", async () => {
  const value = fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n\0]/.test(text));
  await fc.assert(
    fc.asyncProperty(value, async (text) => {
      const { projectNpmrc } = await configOf(npmrcWithoutCode({ "init-author-name": text, "script-shell": "x" }));
      expect(Object.keys(projectNpmrc)).toEqual(["init-author-name"]);
      expect(String(projectNpmrc["init-author-name"])).toBe(text);
    }),
    { numRuns: 50 },
  );
});

test("the user's own settings choose, also where the project has others", async () => {
  const npmrc = "yes=false\nnode-options=--require=./evil.cjs\neditor=./evil\ncall=evil\npython=./evil\n";
  const project = await configOf(npmrc);
  expect(project.get("yes")).toBe(false);
  expect(installsNothing(project)).toBe(false);
  expect(() => refuseProjectCall(project)).toThrow(expect.objectContaining({ code: "PROJECT_NPMRC" }));
  expect(project.exported["NODE_OPTIONS"]).toContain("evil");
  const shown = exportedWithoutCode(project, { NODE_OPTIONS: "--no-warnings" });
  expect(shown).toMatchObject({ NODE_OPTIONS: "--no-warnings", EDITOR: undefined });
  expect(JSON.stringify(shown)).not.toContain("evil");
  const own = await configOf(npmrc, { npm_config_yes: "false", npm_config_call: "mine", npm_config_editor: "ed" });
  expect(installsNothing(own)).toBe(true);
  expect(() => refuseProjectCall(own)).not.toThrow();
  expect(exportedWithoutCode(own, {})).toMatchObject({ EDITOR: "ed" });
});
