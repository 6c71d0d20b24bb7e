import { temporaryFolder } from "../../support/folder.ts";
import { obtainAll, openSession } from "../../support/npm-session.ts";
import { writeProject } from "../../support/project.ts";
import { startRegistry } from "../../support/registry.ts";
import { expect, onTestFinished, test } from "vitest";

test("a package that was not obtained in this session is not handed off", async () => {
  const home = temporaryFolder();
  const project = temporaryFolder();
  const registry = await startRegistry({ packages: [{ name: "w", version: "1.0.0" }] });
  onTestFinished(() => registry.close());
  writeProject(project, registry, { locked: [{ name: "w", version: "1.0.0" }] });
  const [other] = await obtainAll(await openSession(project, { home }));
  const session = await openSession(project, { home });
  await expect(session.handoff([other!])).rejects.toMatchObject({ kind: "unbound", code: "NOT_OBTAINED" });
});
