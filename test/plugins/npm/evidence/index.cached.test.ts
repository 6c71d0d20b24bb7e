import { temporaryFolder } from "../../../support/folder.ts";
import { openPart } from "../../../support/npm-session.ts";
import { writeProject } from "../../../support/project.ts";
import { startRegistry } from "../../../support/registry.ts";
import { expect, onTestFinished, test } from "vitest";

/** The gate asks again where a denial rests on one. */
test("an answer of an earlier run says so", async () => {
  const home = temporaryFolder();
  const project = temporaryFolder();
  const attestations = { bundles: [{ bundle: { a: 1 } }] };
  const registry = await startRegistry({ packages: [{ name: "w", version: "1.0.0", attestations }] });
  onTestFinished(() => registry.close());
  writeProject(project, registry, { locked: [{ name: "w", version: "1.0.0" }] });
  const ask = async (fresh: boolean) => {
    const part = await openPart(project, { home, purpose: "check" });
    return part.collect(part.artifacts[0]!, { kind: "own" }, fresh);
  };
  expect((await ask(false))[0]).not.toHaveProperty("cached");
  expect((await ask(false))[0]).toMatchObject({ bundle: { a: 1 }, cached: true });
  expect((await ask(true))[0]).not.toHaveProperty("cached");
});
