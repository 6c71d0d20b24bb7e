import { ifNoLockfile, openProject, projectFolder } from "../../src/project/open.ts";
import { SafeInstallError } from "../../src/errors.ts";
import type { ClosableHost } from "../../src/io/host.ts";
import type { Plugin, Project, Request } from "../../src/plugin.ts";
import { tableOf } from "../../src/plugins.ts";
import { temporaryFolder } from "../support/folder.ts";
import { layRepository } from "../support/repository.ts";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

/** A project in `app`, typed in `app/deep`; what is asked of the host in its order. */
function lay(purpose: Request["purpose"], { replaced = "node_modules", interrupted = false, folder = "app" } = {}) {
  const root = temporaryFolder();
  layRepository(root);
  mkdirSync(join(root, "app/deep"), { recursive: true });
  const asked: unknown[] = [];
  const notices: string[] = [];
  const request: Request = { purpose, args: [], cwd: join(root, "app/deep") };
  const project: Project = {
    request,
    folder: join(root, folder),
    root: join(root, "app"),
    name: "lock",
    found: [join(root, "app/found")],
    replaces: [{ path: join(root, "app", replaced) }],
  };
  const plugin = {
    table: tableOf("npm"),
    locate: () => (asked.push("locate"), Promise.resolve(project)),
  } as unknown as Plugin;
  const host = {
    recover: (folders: readonly string[], name?: string) => (
      asked.push(["recover", folders, name]),
      Promise.resolve(interrupted)
    ),
    assertReplaceable: (one: unknown) => (asked.push(["replaceable", one]), Promise.resolve()),
    notice: (text: string) => notices.push(text),
  } as unknown as ClosableHost;
  const bounds = { repositoryRoot: root, registries: [] };
  const open = () =>
    openProject(plugin, request, host, (one) => (asked.push(["ground", one]), Promise.resolve(bounds)));
  return { open, plugin, request, host, asked, notices, root, project, bounds };
}

const above = (folder: string): readonly string[] =>
  folder === dirname(folder) ? [folder] : [folder, ...above(dirname(folder))];

describe("a project is opened", () => {
  it("to be installed: what was interrupted comes back before it is looked for, and what it replaces may be", async () => {
    const { open, asked, notices, root, project, plugin, bounds } = lay("install");
    expect(await open()).toEqual({ plugin, project, bounds });
    expect(asked).toEqual([
      ["recover", above(join(root, "app/deep")), undefined],
      "locate",
      ["recover", [join(root, "app"), join(root, "app/found")], "lock"],
      ["replaceable", project],
      ["ground", project],
    ]);
    expect(notices).toEqual([]);
    const interrupted = lay("install", { interrupted: true });
    await interrupted.open();
    expect(interrupted.notices).toEqual(
      Array(2).fill("safe-install: put back what an interrupted run had moved aside"),
    );
  });

  it("to be judged: nothing of it is touched", async () => {
    const { open, asked, project } = lay("check", { replaced: "src" });
    await open();
    expect(asked).toEqual(["locate", ["ground", project]]);
  });

  it("not to replace what its installer does not say it does, and not outside of the repository", async () => {
    await expect(lay("install", { replaced: "src" }).open()).rejects.toThrow();
    for (const purpose of ["install", "check"] as const) {
      const outside = lay(purpose, { folder: ".." });
      await expect(outside.open()).rejects.toMatchObject({ code: "PROJECT_OUTSIDE" });
      await expect(projectFolder(outside.plugin, outside.request, outside.host)).rejects.toMatchObject({
        code: "PROJECT_OUTSIDE",
      });
    }
    const { plugin, request, host, project } = lay("check");
    expect(await projectFolder(plugin, request, host)).toBe(project.folder);
  });
});

it("only a lock that is not there is passed over", () => {
  expect(ifNoLockfile(new SafeInstallError("unbound", "NO_LOCKFILE", "none"))).toBeNull();
  for (const error of [new SafeInstallError("unbound", "LOCK_UNSUPPORTED", "odd"), new TypeError("a bug")])
    expect(() => ifNoLockfile(error)).toThrow(error);
});
