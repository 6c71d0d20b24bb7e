import { restoreInterrupted, setAside } from "../../src/io/journal.ts";
import { temporaryFolder } from "../support/folder.ts";
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

function projectWithModules(): string {
  const project = temporaryFolder();
  mkdirSync(join(project, "node_modules", "old"), { recursive: true });
  writeFileSync(join(project, "node_modules", "old", "index.js"), "old");
  return project;
}

const old = (project: string) => join(project, "node_modules", "old", "index.js");

/** What a run that died would have left: its journal names a process that is no more. */
function pretendDead(project: string): void {
  const path = join(project, ".safe-install", "journal.json");
  const journal = JSON.parse(readFileSync(path, "utf8")) as { pid: number };
  writeFileSync(path, JSON.stringify({ ...journal, pid: 2 ** 22 + 1 }));
}

describe("setAside", () => {
  it("moves a folder away, and restore replaces what came since", async () => {
    const project = projectWithModules();
    const aside = await setAside(project, ["node_modules"]);
    expect(existsSync(join(project, "node_modules"))).toBe(false);
    mkdirSync(join(project, "node_modules", "new"), { recursive: true });
    await aside.restore();
    expect(readdirSync(join(project, "node_modules"))).toEqual(["old"]);
    expect(readFileSync(old(project), "utf8")).toBe("old");
    expect(existsSync(join(project, ".safe-install"))).toBe(false);
  });

  it("discard forgets the old one", async () => {
    const project = projectWithModules();
    const aside = await setAside(project, ["node_modules"]);
    mkdirSync(join(project, "node_modules", "new"), { recursive: true });
    await aside.discard();
    expect(readdirSync(join(project, "node_modules"))).toEqual(["new"]);
    expect(existsSync(join(project, ".safe-install"))).toBe(false);
  });

  it("restore leaves nothing where nothing was", async () => {
    const project = temporaryFolder();
    const aside = await setAside(project, ["node_modules"]);
    mkdirSync(join(project, "node_modules", "new"), { recursive: true });
    await aside.restore();
    expect(existsSync(join(project, "node_modules"))).toBe(false);
  });

  it("refuses anything but a node_modules below the project", async () => {
    const project = projectWithModules();
    for (const folder of [".", "..", "../node_modules", "src"]) {
      await expect(setAside(project, [folder]), folder).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
    }
    expect(readFileSync(old(project), "utf8")).toBe("old");
  });

  it("refuses a folder that a link leads out of the project", async () => {
    const outside = projectWithModules();
    const project = temporaryFolder();
    symlinkSync(outside, join(project, "packages"));
    await expect(setAside(project, ["packages/node_modules"])).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
    expect(readFileSync(old(outside), "utf8")).toBe("old");
  });
});

describe("a run that was killed", () => {
  it("is undone by the next one", async () => {
    const project = projectWithModules();
    await setAside(project, ["node_modules"]);
    mkdirSync(join(project, "node_modules", "half"), { recursive: true });
    pretendDead(project);
    expect(await restoreInterrupted(project)).toBe(true);
    expect(readdirSync(join(project, "node_modules"))).toEqual(["old"]);
    expect(await restoreInterrupted(project)).toBe(false);
  });

  it("between the journal and the first move loses nothing", async () => {
    const project = projectWithModules();
    mkdirSync(join(project, ".safe-install"));
    const journal = { version: 1, pid: 2 ** 22 + 1, moved: [{ folder: "node_modules", absent: false }] };
    writeFileSync(join(project, ".safe-install", "journal.json"), JSON.stringify(journal));
    await restoreInterrupted(project);
    expect(readFileSync(old(project), "utf8")).toBe("old");
  });

  it("that is still alive is not disturbed", async () => {
    const project = projectWithModules();
    await setAside(project, ["node_modules"]);
    const path = join(project, ".safe-install", "journal.json");
    const journal = JSON.parse(readFileSync(path, "utf8")) as { pid: number };
    writeFileSync(path, JSON.stringify({ ...journal, pid: process.ppid }));
    await expect(restoreInterrupted(project)).rejects.toMatchObject({ code: "ANOTHER_RUN" });
  });
});

describe("a journal that a stranger's clone brought", () => {
  it.each([
    ["names the sources", [{ folder: "src", absent: true }]],
    ["names the project itself", [{ folder: ".", absent: true }]],
    ["leads outside", [{ folder: "../victim/node_modules", absent: true }]],
    ["is absolute", [{ folder: "/victim/node_modules", absent: true }]],
  ])("that %s deletes nothing", async (_, moved) => {
    const project = temporaryFolder();
    for (const folder of ["src", ".safe-install"]) mkdirSync(join(project, folder));
    writeFileSync(
      join(project, ".safe-install", "journal.json"),
      JSON.stringify({ version: 1, pid: 2 ** 22 + 1, moved }),
    );
    await expect(restoreInterrupted(project)).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
    expect(existsSync(join(project, "src"))).toBe(true);
  });

  it("that is a link is not followed", async () => {
    const other = projectWithModules();
    await setAside(other, ["node_modules"]);
    pretendDead(other);
    const project = temporaryFolder();
    symlinkSync(join(other, ".safe-install"), join(project, ".safe-install"));
    await expect(restoreInterrupted(project)).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
  });
});
