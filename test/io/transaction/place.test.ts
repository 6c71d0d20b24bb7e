import { planEntries } from "../../../src/io/transaction/place.ts";
import type { Place } from "../../../src/host.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let root: string;
beforeEach(() => {
  root = temporaryFolder();
  for (const folder of ["node_modules/old", "src/w/node_modules", ".git"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "package.json"), "{}");
});

async function plan(
  places: readonly (string | Place)[],
  { mounts = [] as readonly string[], kept = ["/home/me"] } = {},
) {
  const replaces = places.map((one) => (typeof one === "string" ? { path: one } : one));
  const planned = await planEntries({ root, found: [], replaces }, { kept, mounts, id: "1" });
  return planned.entries;
}

const of = (...names: readonly string[]) => names.map((name) => join(root, name));

describe("what is set aside whole", () => {
  it("lies below the root; how is known before anything moves", async () => {
    const entries = await plan(of("node_modules", "package.json", "a/b/new"));
    expect(entries).toMatchObject([
      { path: join(root, "node_modules"), how: "whole", backup: join(root, ".safe-install-1/0") },
      { path: join(root, "package.json"), how: "whole", backup: join(root, ".safe-install-1/1") },
      { how: "absent", backup: join(root, ".safe-install-1/2"), made: of("a/b", "a") },
    ]);
  });

  it("one folder under two names is one, and what lies in one that goes, goes with it", async () => {
    mkdirSync(join(root, "packages"));
    symlinkSync("../src/w", join(root, "packages", "w"));
    const entries = await plan(of("packages/w/node_modules", "src/w/node_modules", "src/w/node_modules/x"));
    expect(entries.map(({ path }) => path)).toEqual(of("src/w/node_modules"));
  });

  it.each([
    ["the root itself", () => root],
    ["the folder around it", () => dirname(root)],
    ["another folder", () => "/usr/lib"],
    ["the root of all", () => "/"],
    ["a relative name", () => "node_modules"],
    ["a way out", () => join(root, "..", "x")],
    ["git's own", () => join(root, ".git")],
    ["what is in git's own", () => join(root, ".git", "index")],
  ])("refuses %s", async (_, path) => {
    await expect(plan([path()])).rejects.toMatchObject({ code: "OUTSIDE_PROJECT" });
  });

  it("refuses the home folder, our own state, and what is around them", async () => {
    for (const kept of [of("home"), of("home/deep/er")])
      await expect(plan(of("home"), { kept })).rejects.toMatchObject({ code: "OUTSIDE_PROJECT" });
  });

  it("refuses a place that a link leads out of the root", async () => {
    const outside = temporaryFolder();
    symlinkSync(outside, join(root, "packages"));
    symlinkSync(join(outside, "nowhere"), join(root, "dangling"));
    for (const path of of("packages/node_modules", "dangling/node_modules"))
      await expect(plan([path])).rejects.toMatchObject({ code: "OUTSIDE_PROJECT" });
  });

  it("a link is set aside itself, also one that leads nowhere", async () => {
    symlinkSync("/nowhere", join(root, "package-lock.json"));
    expect(await plan(of("package-lock.json"))).toMatchObject([{ how: "whole" }]);
  });

  it("what is a mount point, or holds one, is copied; a file cannot be", async () => {
    const [modules = "", manifest = ""] = of("node_modules", "package.json");
    expect(await plan([modules], { mounts: [modules] })).toMatchObject([{ how: "mount" }]);
    expect(await plan([modules], { mounts: [join(modules, "old")] })).toMatchObject([{ how: "mount" }]);
    expect(await plan([modules], { mounts: [`${modules}2`, root] })).toMatchObject([{ how: "whole" }]);
    await expect(plan([manifest], { mounts: [manifest] })).rejects.toMatchObject({
      code: "CANNOT_SET_ASIDE",
      message: expect.stringContaining("mount point"),
    });
  });
});

describe("what changes in place", () => {
  it("may lie anywhere, also behind a link; only what is touched counts", async () => {
    const site = join(temporaryFolder(), "site");
    mkdirSync(join(site, "b"), { recursive: true });
    symlinkSync(site, join(root, "link"));
    const entries = await plan([
      { path: site, touches: ["b/c/d.py", "a/x.py", "a", "e/f/g.py"] },
      { path: join(root, "link"), touches: ["h.py"] },
    ]);
    expect(entries).toMatchObject([
      {
        path: site,
        how: "inPlace",
        backup: join(site, ".safe-install-1/0"),
        touches: ["a", "b/c/d.py", "e/f/g.py", "h.py"],
      },
    ]);
    expect(entries[0]?.made.map((one) => one.slice(site.length + 1)).sort()).toEqual(["b/c", "e", "e/f"]);
  });

  it("a folder that is not there is made, and goes again", async () => {
    const [target = ""] = of("vendor/site");
    const [entry] = await plan([{ path: target, touches: ["a.py"] }]);
    expect(entry).toMatchObject({ backup: join(root, ".safe-install-1/0"), made: of("vendor/site", "vendor") });
  });

  it("where all of a place is named as well, all of it counts", async () => {
    const [modules = ""] = of("node_modules");
    expect(await plan([{ path: modules, touches: ["old"] }, modules])).toMatchObject([{ how: "whole" }]);
    expect(await plan([modules, { path: modules, touches: ["old"] }])).toMatchObject([{ how: "whole" }]);
  });

  it.each(["../x", "a/../../x", "/etc/passwd", ".", "", "a/./b", "..", "a//b"])("refuses to touch %j", async (way) => {
    await expect(plan([{ path: join(root, "src"), touches: [way] }])).rejects.toMatchObject({
      code: "OUTSIDE_PROJECT",
    });
  });

  it("refuses what lies behind a link in it, or a place that is a file", async () => {
    symlinkSync(temporaryFolder(), join(root, "src", "link"));
    const behind = plan([{ path: join(root, "src"), touches: ["link/x.py"] }]);
    await expect(behind).rejects.toMatchObject({ code: "OUTSIDE_PROJECT" });
    const file = plan([{ path: join(root, "package.json"), touches: ["x.py"] }]);
    await expect(file).rejects.toMatchObject({ code: "OUTSIDE_PROJECT" });
  });
});
