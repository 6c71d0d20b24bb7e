import type { Execution } from "../../../../plugins/npm/exec/command.ts";
import { placeOnDisk } from "../../../../plugins/npm/exec/on-disk.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

/** Asked for in `outer/project`; the global packages lie in `global`. */
async function find(name: string, files: Readonly<Record<string, unknown>>, part: object = {}, creates = false) {
  const root = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  mkdirSync(join(root, "outer/project"), { recursive: true });
  const place = await placeOnDisk({
    asked: { packages: [name], isPackage: true, words: [name], call: null, ...part },
    task: { kind: "exec", creates, args: [], words: [], options: {} },
    config: { prefix: join(root, "outer/project"), globalPrefix: join(root, "global") },
    host: testHost({ home: temporaryFolder() }),
  } as unknown as Execution);
  return place?.slice(root.length + 1) ?? null;
}

const MANIFEST = "outer/project/package.json";
const GLOBAL = process.platform === "win32" ? "global/tool" : "global/bin/tool";

describe("npm runs what lies on disk under that name", () => {
  it.each([
    ["a command of the project", MANIFEST, { name: "p", bin: { tool: "x.js" } }],
    ["the project itself, by its name", MANIFEST, { name: "tool", bin: "x.js" }],
    ["what is installed in the project", "outer/project/node_modules/.bin/tool", ""],
    ["what is installed in a folder above", "outer/node_modules/.bin/tool", ""],
    ["what is installed globally", GLOBAL, ""],
  ])("%s", async (_, path, content) => expect(await find("tool", { [path]: content })).toBe(path));

  it("the nearest of them", async () => {
    const files = { [GLOBAL]: "", "outer/node_modules/.bin/tool": "", "outer/project/node_modules/.bin/tool": "" };
    expect(await find("tool", files)).toBe("outer/project/node_modules/.bin/tool");
    expect(await find("tool", { ...files, [MANIFEST]: { name: "p", bin: { tool: "x.js" } } })).toBe(MANIFEST);
  });
});

describe("and nothing else", () => {
  it.each([
    ["a command of another name", MANIFEST, { name: "p", bin: { other: "x.js" } }],
    ["a project of that name without a command", MANIFEST, { name: "tool" }],
    ["a project without a name", MANIFEST, { bin: "x.js" }],
    ["a manifest that nobody can read", MANIFEST, "{"],
    ["a folder", "outer/project/node_modules/.bin/tool/x", ""],
    ["a file beside the commands", "outer/project/node_modules/tool", ""],
  ])("%s", async (_, path, content) => expect(await find("tool", { [path]: content })).toBeNull());

  const there = { "outer/project/node_modules/.bin/tool": "" };
  it("where packages are named, or an initializer, or nothing at all", async () => {
    expect(await find("tool", there, { isPackage: false })).toBeNull();
    expect(await find("tool", there, {}, true)).toBeNull();
    expect(await find("tool", there, { words: [] })).toBeNull();
  });
});
