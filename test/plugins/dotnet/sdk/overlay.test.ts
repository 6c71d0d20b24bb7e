/** Proven project SDKs lie beside those of the .NET SDK, whose own folder stays as it is. */
import { layOverlay } from "../../../../plugins/dotnet/sdk/overlay.ts";
import type { Host, Proven } from "../../../../src/plugin.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { makePackage } from "../../../support/nuget/package.ts";
import { writeFiles } from "../../../support/nuget/project.ts";
import { snapshot } from "../../../support/nuget/scene.ts";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let folder: string;
let installed: string;

beforeEach(() => {
  folder = temporaryFolder();
  installed = join(folder, "installed");
  writeFiles(installed, {
    "sdk/10.0.1/MSBuild.dll": "dll",
    "sdk/10.0.1/Sdks/Acme.Own/Sdk/Sdk.props": "<Project />",
    "shared/runtime.dll": "dll",
  });
});

/** A dotnet that says where it is, which is all that it is asked. */
async function lay(id: string): Promise<string> {
  const host = {
    env: { PATH: "" },
    signal: new AbortController().signal,
    run: async () => {
      writeFileSync(join(folder, "private", "which-sdk.txt"), `${join(installed, "sdk", "10.0.1")}/\n`);
      return 0;
    },
  } as unknown as Host;
  const content = makePackage({ id, version: "1.0.0", files: { "Sdk/Sdk.props": "<Project>proven</Project>" } });
  const proven = { artifact: { package: { name: id } }, bytes: { read: async () => content } } as unknown as Proven;
  mkdirSync(join(folder, "private"));
  return layOverlay(
    { file: "dotnet", cwd: folder, host, sdks: null, home: join(folder, "home") },
    [proven],
    join(folder, "private"),
  );
}

describe("a proven project SDK", () => {
  it("lies beside the SDK's own, and nothing is written among those", async () => {
    const before = snapshot(installed);
    const sdks = await lay("Acme.Sdk");
    expect(readFileSync(join(sdks, "Acme.Sdk", "Sdk", "Sdk.props"), "utf8")).toContain("proven");
    expect(readFileSync(join(sdks, "Acme.Own", "Sdk", "Sdk.props"), "utf8")).toBe("<Project />");
    expect(readFileSync(join(sdks, "..", "MSBuild.dll"), "utf8")).toBe("dll");
    expect(snapshot(installed)).toEqual(before);
  });

  it.each(["Acme.Own", "acme.own"])(
    "named like one of the SDK's own (%s) is refused: it would be written through the link",
    async (id) => {
      const before = snapshot(installed);
      await expect(lay(id)).rejects.toMatchObject({
        code: "SDK_INVALID",
        hint: expect.stringContaining("without a version"),
      });
      expect(snapshot(installed)).toEqual(before);
    },
  );
});
