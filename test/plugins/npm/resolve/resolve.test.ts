import { temporaryFolder } from "../../../support/folder.ts";
import { openPart } from "../../../support/npm-session.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

async function open(packages: Readonly<Record<string, object>>, dependencies = { widget: "1.0.0" }) {
  const project = temporaryFolder();
  const root = { name: "project", version: "1.0.0", dependencies };
  writeFileSync(join(project, "package.json"), JSON.stringify(root));
  const lock = { name: "project", lockfileVersion: 3, requires: true, packages: { "": root, ...packages } };
  writeFileSync(join(project, "package-lock.json"), JSON.stringify(lock));
  return openPart(project, { home: temporaryFolder(), purpose: "check" });
}

describe("entries that cannot be bound", () => {
  test.each([
    ["outside of the project", { "../node_modules/widget": { version: "1.0.0" } }],
    ["without an exact version", { "node_modules/widget": { version: "^1.0.0" } }],
    ["without a version", { "node_modules/widget": {} }],
    ["with an address that is none", { "node_modules/widget": { version: "1.0.0", resolved: "widget@latest" } }],
  ])("%s", async (_, packages) => {
    const part = await open(packages);
    expect(part.unbound.map(({ location }) => location)).toContain(Object.keys(packages)[0]);
    expect(part.unbound.filter(({ denial }) => denial.code !== "LOCK_UNSUPPORTED")).toEqual([]);
    expect(part.artifacts).toEqual([]);
  });
});
