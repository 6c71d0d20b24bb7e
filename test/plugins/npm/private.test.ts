import { lockReader } from "../../../plugins/npm/private.ts";
import { putInto, temporaryFolder } from "../../support/folder.ts";
import { repositoryRoot } from "../../support/root.ts";
import Arborist from "@npmcli/arborist";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";

const STACKS = join(repositoryRoot(), "fixtures/projects/npm/stacks");

/** Everything that a tree says of its nodes, links and edges. */
async function treeOf(reader: typeof Arborist, path: string) {
  const root = await new reader({
    path,
    packageLock: true,
    save: false,
    ignoreScripts: true,
    offline: true,
  }).loadVirtual();
  return [...root.inventory.values()].map((node) => ({
    is: [node.location, node.name, node.version, node.package],
    from: [node.resolved, node.integrity, node.errors.map(String)],
    flags: [node.dev, node.optional, node.devOptional, node.peer, node.extraneous, node.isLink, node.inBundle],
    edges: [...node.edgesOut.values()].map(({ name, spec, type, to, error }) => [
      name,
      spec,
      type,
      to?.location,
      error,
    ]),
  }));
}

test("reads a lock as the whole of it does", async () => {
  const project = temporaryFolder();
  const lock = JSON.parse(readFileSync(join(STACKS, "vite-app.lock.json"), "utf8")) as {
    packages: Record<string, object>;
  };
  putInto(project, "package-lock.json", lock);
  putInto(project, "package.json", lock.packages[""]);
  const [less, whole] = [await treeOf(lockReader(), project), await treeOf(Arborist, project)];
  expect(less.length).toBeGreaterThan(50);
  expect(less).toEqual(whole);
});

test.each([
  [
    "workspaces, links and an alias",
    {
      "": { workspaces: ["a"], dependencies: { b: "npm:c@1" } },
      a: { version: "1.0.0", dependencies: { b: "*" } },
      "node_modules/a": { resolved: "a", link: true },
      "node_modules/b": { name: "c", version: "1.0.0" },
    },
  ],
  [
    "what is missing, and what does not fit",
    {
      "": { dependencies: { a: "^2", gone: "1" } },
      "node_modules/a": { version: "1.0.0", peerDependencies: { z: "1" } },
    },
  ],
  [
    "overrides and bundles",
    {
      "": { dependencies: { a: "1" }, overrides: { b: "2.0.0" } },
      "node_modules/a": { version: "1.0.0", dependencies: { b: "1", c: "1" }, bundleDependencies: ["c"] },
      "node_modules/a/node_modules/c": { version: "1.0.0", inBundle: true },
      "node_modules/b": { version: "2.0.0" },
    },
  ],
])("and %s", async (_, packages) => {
  const project = temporaryFolder();
  putInto(project, "package-lock.json", { name: "p", lockfileVersion: 3, packages });
  putInto(project, "package.json", { name: "p", ...packages[""] });
  expect(await treeOf(lockReader(), project)).toEqual(await treeOf(Arborist, project));
});

test("whoever asks for the whole of it afterwards gets the whole", () => {
  const require = createRequire(join(repositoryRoot(), "plugins/npm/private.ts"));
  const index = require.resolve("@npmcli/arborist/lib/arborist/index.js");
  delete require.cache[index];
  const less = lockReader();
  expect("reify" in less.prototype).toBe(false);
  expect("loadVirtual" in less.prototype).toBe(true);
  const whole = require(index) as typeof Arborist;
  expect(whole.prototype).toMatchObject({ reify: expect.any(Function), buildIdealTree: expect.any(Function) });
});
