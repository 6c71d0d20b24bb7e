import { restoreInterrupted, setAside, stateFolder } from "../../src/io/journal.ts";
import { temporaryFolder } from "../support/folder.ts";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let state: string;
beforeEach(() => {
  state = temporaryFolder();
});

function projectWithModules(): string {
  const project = temporaryFolder();
  mkdirSync(join(project, "node_modules", "old"), { recursive: true });
  writeFileSync(join(project, "node_modules", "old", "index.js"), "old");
  return project;
}

const old = (project: string) => join(project, "node_modules", "old", "index.js");
const leftovers = (project: string) => readdirSync(project).filter((name) => name.startsWith(".safe-install"));
const journals = () => readdirSync(join(state, "journals")).map((name) => join(state, "journals", name));

/** What a run that died would have left: its journal names a process that is no more. */
function pretend(change: Readonly<Record<string, unknown>>): void {
  for (const path of journals()) {
    const journal = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...journal, ...change }));
  }
}

const DEAD = 2 ** 22 + 1;

describe("setAside", () => {
  it("moves a folder away, and restore replaces what came since", async () => {
    const project = projectWithModules();
    const aside = await setAside(state, project, ["node_modules"]);
    expect(existsSync(join(project, "node_modules"))).toBe(false);
    mkdirSync(join(project, "node_modules", "new"), { recursive: true });
    await aside.restore();
    expect(readdirSync(join(project, "node_modules"))).toEqual(["old"]);
    expect(readFileSync(old(project), "utf8")).toBe("old");
    expect([...leftovers(project), ...journals()]).toEqual([]);
  });

  it("discard forgets the old one", async () => {
    const project = projectWithModules();
    const aside = await setAside(state, project, ["node_modules"]);
    mkdirSync(join(project, "node_modules", "new"), { recursive: true });
    await aside.discard();
    expect(readdirSync(join(project, "node_modules"))).toEqual(["new"]);
    expect([...leftovers(project), ...journals()]).toEqual([]);
  });

  it("one folder under two names is moved once, and comes back", async () => {
    const project = projectWithModules();
    mkdirSync(join(project, "src", "w", "node_modules", "own"), { recursive: true });
    mkdirSync(join(project, "packages"));
    symlinkSync("../src/w", join(project, "packages", "w"));
    const aside = await setAside(state, project, ["packages/w/node_modules", "src/w/node_modules"]);
    expect(existsSync(join(project, "src/w/node_modules"))).toBe(false);
    mkdirSync(join(project, "packages/w/node_modules/new"), { recursive: true });
    await aside.restore();
    expect(readdirSync(join(project, "src/w/node_modules"))).toEqual(["own"]);
  });

  it("restore leaves nothing where nothing was", async () => {
    const project = temporaryFolder();
    const aside = await setAside(state, project, ["node_modules"]);
    mkdirSync(join(project, "node_modules", "new"), { recursive: true });
    await aside.restore();
    expect(existsSync(join(project, "node_modules"))).toBe(false);
  });

  it("refuses anything but what an installer writes, below the project", async () => {
    const project = projectWithModules();
    for (const folder of [".", "..", "../node_modules", "src", join(project, "node_modules")]) {
      await expect(setAside(state, project, [folder]), folder).rejects.toMatchObject({ code: "OUTSIDE_PROJECT" });
    }
    expect(readFileSync(old(project), "utf8")).toBe("old");
  });

  it("refuses a folder that a link leads out of the project", async () => {
    const outside = projectWithModules();
    const project = temporaryFolder();
    symlinkSync(outside, join(project, "packages"));
    await expect(setAside(state, project, ["packages/node_modules"])).rejects.toMatchObject({
      code: "OUTSIDE_PROJECT",
    });
    expect(readFileSync(old(outside), "utf8")).toBe("old");
  });

  it("where nothing can be written down, nothing is moved", async () => {
    const project = projectWithModules();
    writeFileSync(join(state, "journals"), "a file where a folder should be");
    await expect(setAside(state, project, ["node_modules"])).rejects.toMatchObject({ kind: "unavailable" });
    expect(readFileSync(old(project), "utf8")).toBe("old");
    expect(leftovers(project)).toEqual([]);
  });
});

describe("a run that was killed", () => {
  it("is undone by the next one", async () => {
    const project = projectWithModules();
    await setAside(state, project, ["node_modules"]);
    mkdirSync(join(project, "node_modules", "half"), { recursive: true });
    pretend({ pid: DEAD });
    expect(await restoreInterrupted(state, project)).toBe(true);
    expect(readdirSync(join(project, "node_modules"))).toEqual(["old"]);
    expect(leftovers(project)).toEqual([]);
    expect(await restoreInterrupted(state, project)).toBe(false);
  });

  it("between the journal and the first move loses nothing", async () => {
    const project = projectWithModules();
    await setAside(state, project, ["node_modules"]);
    const [aside = ""] = leftovers(project);
    renameSync(join(project, aside, "0"), join(project, "node_modules"));
    pretend({ pid: DEAD });
    await restoreInterrupted(state, project);
    expect(readFileSync(old(project), "utf8")).toBe("old");
  });

  it("while it wrote the journal had moved nothing", async () => {
    const project = projectWithModules();
    await setAside(state, project, []);
    for (const path of journals()) writeFileSync(path, '{"version":1,"pid');
    expect(await restoreInterrupted(state, project)).toBe(false);
    expect(readFileSync(old(project), "utf8")).toBe("old");
    await (await setAside(state, project, ["node_modules"])).restore();
  });

  it("that is still alive is not disturbed", async () => {
    const project = projectWithModules();
    await setAside(state, project, ["node_modules"]);
    pretend({ pid: process.ppid });
    await expect(restoreInterrupted(state, project)).rejects.toMatchObject({ code: "ANOTHER_RUN" });
    await expect(setAside(state, project, ["node_modules"])).rejects.toMatchObject({ code: "ANOTHER_RUN" });
  });
});

describe("what a stranger's clone brings along", () => {
  it.each([
    ["node_modules", true],
    ["src", true],
    ["../victim/node_modules", true],
    ["PROJECT/node_modules", false],
  ])("is never acted upon: a journal in the project that names %s", async (folder, absent) => {
    const project = projectWithModules();
    for (const name of ["src", ".safe-install", ".safe-install-abc123"]) {
      mkdirSync(join(project, name, "0"), { recursive: true });
      const moved = [{ folder: folder.replace("PROJECT", project), absent }];
      const journal = { version: 1, pid: DEAD, project, aside: name, moved };
      writeFileSync(join(project, name, "journal.json"), JSON.stringify(journal));
    }
    expect(await restoreInterrupted(state, project)).toBe(false);
    expect(existsSync(join(project, "src"))).toBe(true);
    expect(readFileSync(old(project), "utf8")).toBe("old");
  });

  it("a link to another project's folder does not make that project's journal its own", async () => {
    const other = projectWithModules();
    await setAside(state, other, ["node_modules"]);
    pretend({ pid: DEAD });
    const [aside = ""] = leftovers(other);
    const project = temporaryFolder();
    symlinkSync(join(other, aside), join(project, aside));
    expect(await restoreInterrupted(state, project)).toBe(false);
  });

  it("a project that a link leads to is one and the same", async () => {
    const project = projectWithModules();
    const link = join(temporaryFolder(), "link");
    symlinkSync(project, link);
    await setAside(state, link, ["node_modules"]);
    pretend({ pid: DEAD });
    expect(await restoreInterrupted(state, project)).toBe(true);
    expect(readFileSync(old(project), "utf8")).toBe("old");
  });
});

describe("stateFolder", () => {
  it.each([
    [{}, "/home/me/.local/state/safe-install"],
    [{ XDG_STATE_HOME: "/state" }, "/state/safe-install"],
    [{ XDG_STATE_HOME: "" }, "/home/me/.local/state/safe-install"],
    [{ XDG_STATE_HOME: "of-a-clone" }, "/home/me/.local/state/safe-install"],
  ])("%j", (env, folder) => {
    expect(stateFolder(env, "/home/me")).toBe(folder);
  });
});
