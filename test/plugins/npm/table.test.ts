import { table } from "../../../plugins/npm/table.ts";
import { expect, test } from "vitest";

test("npm's words are what is typed to npm or npx", () => {
  expect([["npm", "ci"], ["npx", "x"], ["pnpm", "i"], ["pip"], []].map((words) => table.typed(words))).toEqual([
    1, 1, 0, 0, 0,
  ]);
});

test("a folder with a lock of npm's is installed by it, and no other", () => {
  expect(table.lockedInstall(["x", "package-lock.json"])).toEqual(["ci"]);
  expect(table.lockedInstall(["npm-shrinkwrap.json"])).toEqual(["ci"]);
  expect(table.lockedInstall(["package.json", "yarn.lock"])).toBeNull();
});

const isAny = (patterns: readonly RegExp[], text: string) => patterns.some((one) => one.test(text));

test.each([
  ["package-lock.json", true],
  ["npm-shrinkwrap.json", true],
  ["package-lock.json.orig", false],
  ["my-package-lock.json", false],
  ["package-lock-json", false],
])("%s is a lock: %s", (name, expected) => {
  expect(
    isAny(
      table.locks.map((lock) => lock.name),
      name,
    ),
  ).toBe(expected);
});

test.each([
  ["package.json", true],
  [".npmrc", true],
  [".npm-extension.js", true],
  [".npm-extension.mjs", true],
  [".npm-extension.cjs", true],
  [".npm-extension.ts", false],
  ["x.npmrc", false],
  [".npmrc.orig", false],
  ["package.json5", false],
  ["package-json", false],
])("%s is read by npm beside its lock: %s", (name, expected) => {
  expect(isAny(table.manifests, name)).toBe(expected);
});

test.each([
  ["node_modules", true],
  ["packages/a/node_modules/", true],
  ["package.json", true],
  ["packages/a/package-lock.json", true],
  ["npm-shrinkwrap.json", true],
  ["lib/node_modules/tool", true],
  ["lib/node_modules/@acme/tool/", true],
  ["node_modules/tool", true],
  ["src", false],
  ["src/package.jsonx", false],
  ["my_node_modules", false],
  ["lib/node_modules/@acme/tool/index.js", false],
  ["lib/other/tool", false],
  ["xpackage.json", false],
])("%s may be replaced: %s", (path, expected) => {
  expect(isAny(table.replaces, path)).toBe(expected);
});

test.skipIf(process.platform === "win32").each([
  ["bin/tool", true],
  ["bin/deep/tool", false],
  ["sbin/tool", false],
  ["tool", false],
])("%s is a command beside the global packages: %s", (path, expected) => {
  expect(isAny(table.replaces, path)).toBe(expected);
});
