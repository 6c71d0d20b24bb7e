import { layRepository } from "../../support/repository.ts";
import { npm } from "../../../plugins/npm/index.ts";
import { readBounded } from "../../../src/io/files.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";

let project: string;
let outside: string;

beforeEach(() => {
  project = temporaryFolder();
  outside = temporaryFolder();
  layRepository(project);
  mkdirSync(join(project, "packages/w"), { recursive: true });
});

/** An npm with its own folder on PATH. */
function makeNpm(root: string, version: string): { folder: string; entry: string } {
  const entry = join(root, "lib/node_modules/npm/bin/npm-cli.js");
  mkdirSync(join(entry, ".."), { recursive: true });
  writeFileSync(entry, "", { mode: 0o755 });
  writeFileSync(join(entry, "../../package.json"), JSON.stringify({ name: "npm", version }));
  mkdirSync(join(root, "bin"));
  symlinkSync(entry, join(root, "bin/npm"));
  return { folder: join(root, "bin"), entry };
}

const none = () => Promise.resolve([]);

async function find(PATH: string, cwd = project): Promise<string | undefined> {
  const { file, args } = await npm.command(["ci", "--x"], cwd, { env: { PATH }, read: readBounded }, ["npm"], none);
  expect(file).toBe(process.execPath);
  expect(args.slice(1)).toEqual(["ci", "--x"]);
  return args[0];
}

test("the first npm on PATH, by its own file", async () => {
  const { folder, entry } = makeNpm(outside, "11.0.0");
  expect(await find(`/nowhere:${folder}`)).toBe(entry);
});

test("beside a launcher that is no link to it", async () => {
  const { entry } = makeNpm(outside, "11.0.0");
  mkdirSync(join(outside, "shims"));
  writeFileSync(join(outside, "shims/npm"), "#!/bin/sh\n", { mode: 0o755 });
  expect(await find(join(outside, "shims"))).toBe(entry);
});

describe("never", () => {
  test("inside the project, also seen from a folder of it", async () => {
    const { folder } = makeNpm(join(project, "tools"), "11.0.0");
    await expect(find(folder)).rejects.toMatchObject({ kind: "installer", code: "NPM_NOT_FOUND" });
    await expect(find(folder, join(project, "packages/w"))).rejects.toMatchObject({ code: "NPM_NOT_FOUND" });
  });

  test("by a link that leads into the project, or out of it", async () => {
    const inside = makeNpm(join(project, "tools"), "11.0.0");
    mkdirSync(join(outside, "bin2"));
    symlinkSync(inside.entry, join(outside, "bin2/npm"));
    await expect(find(join(outside, "bin2"))).rejects.toMatchObject({ code: "NPM_NOT_FOUND" });
    const { entry } = makeNpm(outside, "11.0.0");
    mkdirSync(join(project, "bin"));
    symlinkSync(entry, join(project, "bin/npm"));
    await expect(find(join(project, "bin"))).rejects.toMatchObject({ code: "NPM_NOT_FOUND" });
  });

  test("by a relative entry, or out of a node_modules/.bin", async () => {
    const { folder, entry } = makeNpm(outside, "11.0.0");
    await expect(find(relative(process.cwd(), folder))).rejects.toMatchObject({ code: "NPM_NOT_FOUND" });
    mkdirSync(join(outside, "node_modules/.bin"), { recursive: true });
    symlinkSync(entry, join(outside, "node_modules/.bin/npm"));
    await expect(find(`${outside}/node_modules/.bin`)).rejects.toMatchObject({ code: "NPM_NOT_FOUND" });
  });

  test("one before npm 10", async () => {
    const { folder } = makeNpm(outside, "9.9.4");
    await expect(find(folder)).rejects.toMatchObject({ kind: "installer", code: "NPM_TOO_OLD" });
  });

  test("without PATH", async () => {
    await expect(npm.command([], project, { env: {}, read: readBounded }, ["npm"], none)).rejects.toMatchObject({
      code: "NPM_NOT_FOUND",
    });
  });
});
