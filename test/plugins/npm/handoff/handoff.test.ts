import { temporaryFolder } from "../../../support/folder.ts";
import { obtainAll, openPart } from "../../../support/npm-session.ts";
import { writeProject } from "../../../support/project.ts";
import { startRegistry } from "../../../support/registry.ts";
import { expect, onTestFinished, test } from "vitest";

const LOCKED = [
  { name: "v", version: "2.0.0" },
  { name: "w", version: "1.0.0" },
];

async function open() {
  const project = temporaryFolder();
  const home = temporaryFolder();
  const registry = await startRegistry({ packages: LOCKED });
  onTestFinished(() => registry.close());
  writeProject(project, registry, { locked: LOCKED });
  return () => openPart(project, { home });
}

const REFUSED = { kind: "unbound", code: "NOT_OBTAINED" };

test("a package that was not obtained for this part is not handed off", async () => {
  const again = await open();
  const others = await obtainAll(await again());
  const part = await again();
  await expect(part.prove(others)).rejects.toMatchObject(REFUSED);
});

test("less than all of the part is not handed off", async () => {
  const part = await (await open())();
  const [first] = await obtainAll(part);
  await expect(part.prove([first!])).rejects.toMatchObject(REFUSED);
  await expect((await (await open())()).prove([])).rejects.toMatchObject(REFUSED);
});

test("a check hands nothing off", async () => {
  const project = temporaryFolder();
  const registry = await startRegistry({ packages: LOCKED });
  onTestFinished(() => registry.close());
  writeProject(project, registry, { locked: LOCKED });
  const part = await openPart(project, { home: temporaryFolder(), purpose: "check" });
  await expect(part.prove([])).rejects.toThrow("nothing to hand off");
});

test("an installation that was not prepared is not begun", async () => {
  const part = await (await open())();
  const handoff = await part.prove(await obtainAll(part));
  await expect(handoff.install()).rejects.toThrow("not prepared");
  expect(handoff.replaces.map(({ path }) => path)).toEqual([expect.stringMatching(/\/node_modules$/)]);
});
