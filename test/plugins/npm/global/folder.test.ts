import { commandsOf, unpackedBelow } from "../../../../plugins/npm/global/folder.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const host = { read: (path: string) => Promise.resolve(readFileSync(path)) };

test("of what a package says twice of itself the last counts, as for npm", async () => {
  const prefix = temporaryFolder();
  mkdirSync(join(prefix, "lib/tool"), { recursive: true });
  writeFileSync(join(prefix, "lib/tool/package.json"), '{"name":"tool","version":"1.0.0","main":"a","main":"b"}');
  const found = await unpackedBelow({ prefix, packages: "lib", bins: "bin" }, "tool", host);
  expect(found).toEqual([{ location: "tool", name: "tool", version: "1.0.0" }]);
});

test("commands are those of the archive, and those that npm has made of its folder of commands", () => {
  const ref = { ecosystem: "npm", name: "tool", version: "1.0.0", purl: "pkg:npm/tool@1.0.0" } as const;
  const place = { location: "node_modules/tool", resolved: null, integrity: null, optional: false, extraneous: false };
  const places = [{ ...place, hasInstallScript: false, bin: { two: "bin/two" } }];
  const locked = { package: ref, stated: { hex: {}, text: "" }, places };
  expect(commandsOf({ locked, bytes: { bin: new Map([["one", "one.js"]]) } })).toEqual(["one", "two"]);
});
