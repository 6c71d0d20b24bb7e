/** What lies in a packages folder is compared by its bytes; which folder that may be; which locks are meant. */
import { locksMeantBy } from "../../../../plugins/dotnet/resolve/locks-beside.ts";
import { newPackagesFolder } from "../../../../plugins/dotnet/handoff/packages-folder.ts";
import { comparePackages } from "../../../../plugins/dotnet/handoff/compare.ts";
import { keep } from "../../../../plugins/dotnet/resolve/quarantine.ts";
import { dataOf, readZip } from "../../../../plugins/dotnet/zip.ts";
import { makePackage } from "../../../support/nuget.ts";
import { entriesOf } from "../../../support/nuget/package.ts";
import { makeZip } from "../../../support/nuget/zip.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { writeFiles } from "../../../support/nuget/project.ts";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

describe("the packages folder", () => {
  const bytes = makePackage({ id: "Acme.Pack", version: "1.0.0", files: { "lib/a.dll": "code" } });
  const hash = createHash("sha512").update(bytes).digest("hex");

  function unpacked(name: string, content: Buffer, more: Readonly<Record<string, string>> = {}): string {
    const nuspec = readZip(bytes).entries.find(({ name: one }) => one === "Acme.Pack.nuspec")!;
    writeFiles(join(folder, "packages", "acme.pack", "1.0.0"), {
      ".nupkg.metadata": "{}",
      "acme.pack.1.0.0.nupkg.sha512": "",
      "acme.pack.nuspec": dataOf(nuspec, bytes, 10_000).toString(),
      "lib/netstandard2.0/_._": "",
      "lib/a.dll": "code",
      ...more,
    });
    writeFileSync(join(folder, "packages", "acme.pack", "1.0.0", name), content);
    return join(folder, "packages");
  }

  it.each([
    ["the proven bytes", "acme.pack.1.0.0.nupkg", bytes, 0],
    ["other bytes", "acme.pack.1.0.0.nupkg", Buffer.from("evil"), 1],
    ["no package at all", "readme.txt", bytes, 1],
  ])("%s", async (_, name, content, differences) => {
    const found = await comparePackages(unpacked(name, content), new Map([["acme.pack/1.0.0", hash]]));
    expect(found).toHaveLength(differences);
  });

  it.each([
    ["a file with other content", { "lib/a.dll": "evil" }, "lib/a.dll is not what the package holds"],
    ["a file that is in no package", { "build/acme.pack.targets": "evil" }, "build/acme.pack.targets is not what"],
  ])("%s", async (_, files, said) => {
    const found = await comparePackages(
      unpacked("acme.pack.1.0.0.nupkg", bytes, files),
      new Map([["acme.pack/1.0.0", hash]]),
    );
    expect(found).toEqual([expect.stringContaining(said)]);
  });

  it("a file that is missing, one that is a link, and one under a name that NuGet decodes", async () => {
    const odd = makePackage({
      id: "Acme.Pack",
      version: "1.0.0",
      files: { "lib/a%20b.dll": "code", "lib/c.dll": "c" },
    });
    const place = unpacked("acme.pack.1.0.0.nupkg", odd, { "lib/a b.dll": "code" });
    rmSync(join(place, "acme.pack/1.0.0/lib/a.dll"));
    const proven = new Map([["acme.pack/1.0.0", createHash("sha512").update(odd).digest("hex")]]);
    expect(await comparePackages(place, proven)).toEqual([expect.stringContaining("lib/c.dll is missing")]);
    writeFiles(folder, { outside: "c" });
    symlinkSync(join(folder, "outside"), join(place, "acme.pack/1.0.0/lib/c.dll"));
    expect((await comparePackages(place, proven))[0]).toContain("(a link) is not what the package holds");
  });

  it("the nuspec under the package's own name, whatever the package calls it; and nothing of what belongs to packing", async () => {
    const entries = entriesOf({
      id: "Old.Name",
      version: "1.0.0",
      files: { "content/_rels/.rels": "", "content/core.psmdcp": "", "inner.nupkg": "" },
    });
    const other = makeZip(entries);
    const place = unpacked("acme.pack.1.0.0.nupkg", other, {
      "acme.pack.nuspec": entries[0]!.data.toString(),
    });
    rmSync(join(place, "acme.pack/1.0.0/lib/a.dll"));
    const proven = new Map([["acme.pack/1.0.0", createHash("sha512").update(other).digest("hex")]]);
    expect(await comparePackages(place, proven)).toEqual([]);
    writeFiles(join(place, "acme.pack/1.0.0"), { "acme.pack.nuspec": "other", "inner.nupkg": "other" });
    expect(await comparePackages(place, proven)).toHaveLength(2);
  });

  it("a package that nobody proved", async () => {
    expect(await comparePackages(unpacked("acme.pack.1.0.0.nupkg", bytes), new Map())).toHaveLength(1);
  });
});

it("several solutions of one folder keep each their own packages folder; the same one's earlier goes", async () => {
  const [first, second] = [await newPackagesFolder(folder, "/r/A.slnx"), await newPackagesFolder(folder, "/r/B.slnx")];
  await first.make();
  await second.make();
  const goes = async (of: string) => {
    const { replaces, folder: own } = await newPackagesFolder(folder, of);
    return replaces.map(({ path }) => path).filter((path) => path !== join(own, ".."));
  };
  expect(await goes("/r/A.slnx")).toEqual([join(first.folder, "..")]);
  expect(await goes("/r/B.slnx")).toEqual([join(second.folder, "..")]);
  expect(await goes("/r/C.slnx")).toEqual([]);
});

it.each(["obj", "obj/.safe-install"])("no packages folder behind a link: %s", async (name) => {
  writeFiles(folder, { "outside/.gitignore": "mine", "app/.keep": "" });
  if (name !== "obj") mkdirSync(join(folder, "app", "obj"));
  symlinkSync(join(folder, "outside"), join(folder, "app", name));
  await expect(newPackagesFolder(join(folder, "app"), "a.csproj")).rejects.toThrow(/is a link/);
  expect(readdirSync(join(folder, "outside"))).toEqual([".gitignore"]);
  expect(readFileSync(join(folder, "outside", ".gitignore"), "utf8")).toBe("mine");
});

it("files that were changed, made or removed are put back, and named", async () => {
  writeFiles(folder, { changed: "before", removed: "before", same: "before" });
  const paths = ["changed", "removed", "same", "made", "absent"].map((name) => join(folder, name));
  const kept = await keep(paths);
  writeFiles(folder, { changed: "after", made: "after" });
  rmSync(join(folder, "removed"));
  expect((await kept.putBack()).map((path) => basename(path))).toEqual(["changed", "removed", "made"]);
  expect(readFileSync(join(folder, "changed"), "utf8")).toBe("before");
  expect(readFileSync(join(folder, "removed"), "utf8")).toBe("before");
  expect(existsSync(join(folder, "made"))).toBe(false);
});

it("packages.lock.json stands for the locks of the projects' own names too; one of these for itself", async () => {
  writeFiles(folder, { "packages.lock.json": "", "packages.App.lock.json": "", "other.lock.json": "" });
  const named = async (name: string, isNamed = true) =>
    (await locksMeantBy(join(folder, name), isNamed)).map((path) => basename(path));
  expect(await named("packages.lock.json")).toEqual(["packages.lock.json", "packages.App.lock.json"]);
  expect(await named("packages.App.lock.json")).toEqual(["packages.App.lock.json"]);
  rmSync(join(folder, "packages.lock.json"));
  expect(await named("packages.lock.json")).toEqual(["packages.lock.json", "packages.App.lock.json"]);
  expect(await named("packages.lock.json", false)).toEqual(["packages.App.lock.json"]);
});
