import { obtainAll, openPart } from "../support/npm-session.ts";
import { temporaryFolder } from "../support/folder.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

/** The hand-off itself, without the gate: what a plugin is told of scripts it does. */
test.each([
  ["run", "run", "skip", ["loud"]],
  ["skip", "skip", "run", ["other"]],
  ["none of both", "skip", "skip", []],
] as const)("scripts: %s", async (_, loud, other, expected) => {
  const scripts = (name: string) => ({ postinstall: `echo > "$INIT_CWD/${name}"` });
  const packages = ["loud", "other"].map((name) => ({ name, version: "1.0.0", scripts: scripts(name) }));
  const registry = await startRegistry({ packages });
  onTestFinished(() => registry.close());
  const project = temporaryFolder();
  const locked = packages.map(({ name, version }) => ({ name, version, entry: { hasInstallScript: true } }));
  writeProject(project, registry, { locked });
  const part = await openPart(project, { home: temporaryFolder() });
  const proven = (await obtainAll(part)).map((one) => ({
    ...one,
    scripts: one.artifact.package.name === "loud" ? loud : other,
  }));
  expect(await part.install(proven)).toBe(0);
  expect(["loud", "other"].filter((name) => existsSync(join(project, name)))).toEqual(expected);
});
