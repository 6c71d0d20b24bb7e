/** What global.json may name, and what of PATH a restore sees: nothing that lies in the project. */
import { requireInstalledSdk } from "../../../plugins/dotnet/installer.ts";
import { outsideProject } from "../../../plugins/dotnet/installer.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { writeFiles } from "../../support/nuget/project.ts";
import { realpathSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(() => {
  folder = realpathSync(temporaryFolder());
});

describe("an SDK that global.json names", () => {
  const says = async (paths: unknown, text = JSON.stringify({ sdk: { paths } })) => {
    const sdks = { "app/.dotnet/.keep": "", "outside/.keep": "" };
    writeFiles(folder, { "app/global.json": text, "app/src/.keep": "", ...sdks });
    const project = join(folder, "app");
    return requireInstalledSdk(join(project, "src"), project).then(
      () => "allowed",
      (error: { code: string }) => error.code,
    );
  };

  it.each([
    ["inside of the project", [".dotnet", "$host$"]],
    ["by a way around", ["../outside/../app/.dotnet"]],
  ])("%s is refused", async (_, paths) => expect(await says(paths)).toBe("SDK_IN_PROJECT"));

  it("by a link that leads back is refused", async () => {
    symlinkSync(join(folder, "app", ".dotnet"), join(folder, "sdk"));
    expect(await says(["../sdk"])).toBe("SDK_IN_PROJECT");
  });

  it("by a link that leads nowhere yet is refused", async () => {
    writeFiles(folder, { "app/.keep": "" });
    symlinkSync(join(folder, "app", "later"), join(folder, "app", ".other"));
    expect(await says([".other", "$host$"])).toBe("SDK_IN_PROJECT");
  });

  it("in words that we cannot read is refused", async () =>
    expect(await says(null, '{ /* here */ "sdk": { "paths": [".dotnet"] } }')).toBe("SDK_IN_PROJECT"));

  it.each([
    ["the installed one", ["$host$"], undefined],
    ["outside of the project", ["../outside"], undefined],
    ["one that is not there, and then the installed one", [".other", "$host$"], undefined],
    ["by version, with a comment", null, '{ /* ours */ "sdk": { "version": "10.0.100" } }'],
  ])("%s is taken", async (_, paths, text) => expect(await says(paths, text)).toBe("allowed"));
});

it("a restore sees no folder of the project on PATH: relative, by its name, or by a link", async () => {
  writeFiles(folder, { "app/.git/HEAD": "", "app/bin/.keep": "", "app/src/.keep": "", "outside/.keep": "" });
  symlinkSync(join(folder, "app", "bin"), join(folder, "link"));
  const named = ["app/bin", "outside", "link"].map((name) => join(folder, name));
  const { PATH } = await outsideProject(join(folder, "app", "src"), { PATH: ["bin", ...named].join(delimiter) });
  expect(PATH).toBe(join(folder, "outside"));
});
