import { passedBy, unboundProjects } from "../../../../plugins/dotnet/resolve/projects.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const codes = async (place: string, style = "PackageReference") => {
  const root = temporaryFolder();
  const repository = join(root, "repository");
  for (const folder of ["outside", "repository/app"]) mkdirSync(join(root, folder), { recursive: true });
  for (const folder of ["outside", "repository/app"]) writeFileSync(join(root, folder, "a.csproj"), "<Project />");
  symlinkSync("../outside", join(repository, "linked"), "junction");
  symlinkSync("app", join(repository, "inside"), "junction");
  const found = await unboundProjects([{ file: join(repository, place), style }], repository);
  return found.map(({ denial }) => denial.code);
};

describe("a project of a restore", () => {
  it.each(["app/a.csproj", "inside/a.csproj", "app/not-there.csproj"])("%s is the repository's", async (place) => {
    expect(await codes(place)).toEqual([]);
  });

  it.each(["../outside/a.csproj", "linked/a.csproj", "linked/not-there.csproj"])("%s is not", async (place) => {
    expect(await codes(place)).toEqual(["FILE_DEPENDENCY"]);
  });

  it("of another style is not understood", async () => {
    expect(await codes("app/a.csproj", "PackagesConfig")).toEqual(["LOCK_UNSUPPORTED"]);
    expect(await codes("app/a.csproj", "Unknown")).toEqual([]);
  });

  it("of packages.config beside others is named, and the others are judged", async () => {
    const root = temporaryFolder();
    const projects = [
      { file: join(root, "old.csproj"), style: "PackagesConfig" },
      { file: join(root, "a.csproj"), style: "PackageReference" },
    ];
    expect(await unboundProjects(projects, root)).toEqual([]);
    expect(passedBy(projects)).toEqual([
      {
        kind: "not-supported",
        name: "old.csproj",
        detail: expect.stringContaining("packages.config is not supported"),
      },
    ]);
  });
});
