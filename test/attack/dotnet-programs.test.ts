/** No program that lies in the project is started on the way to a decision, wherever dotnet and NuGet would look for one. */
import { requireInstalledSdk } from "../../plugins/dotnet/local-sdk.ts";
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { csproj, dotnetEnvironment, hasDotnet, plainDotnet, writeFiles } from "../support/nuget/project.ts";
import { policyFor, type Scene, stage, startScene } from "../support/nuget/scene.ts";
import { chmodSync, existsSync, realpathSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ID = "Acme.Widget";
let scene: Scene;
let folder: string;

beforeEach(async () => {
  scene = await startScene({ auth: { kind: "basic", username: "somebody", password: "else" } });
  folder = realpathSync(temporaryFolder());
});
afterEach(() => scene.feed.close());

describe.skipIf(!hasDotnet || process.platform === "win32")(
  "a credential provider among the project's programs",
  () => {
    it("is not asked, where plain dotnet asks it", async () => {
      const where = { project: join(folder, "app"), home: join(folder, "home") };
      const ran = join(folder, "provider-ran");
      const provider = "node_modules/.bin/nuget-plugin-evil";
      const app = stage(
        scene,
        where,
        { "app.csproj": csproj({ [ID]: "1.0.0" }), [provider]: `#!/bin/sh\ntouch ${ran}\nexit 1\n` },
        policyFor([ID]),
      );
      chmodSync(join(app.project, provider), 0o755);
      symlinkSync(join(app.project, "node_modules", ".bin"), join(folder, "bin"));
      for (const bin of [join(app.project, "node_modules", ".bin"), join(folder, "bin"), "node_modules/.bin"]) {
        const PATH = [bin, process.env["PATH"]].join(delimiter);
        const env = { ...dotnetEnvironment(app.home), PATH };
        expect((await safeInstall(["dotnet", "restore"], { cwd: app.project, home: app.home, env })).exit).not.toBe(0);
        expect([bin, existsSync(ran)]).toEqual([bin, false]);
      }
      const env = { PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter) };
      await plainDotnet(["restore"], { cwd: app.project, home: app.home, env });
      expect(existsSync(ran)).toBe(true);
    });
  },
);

describe("an SDK that global.json names", () => {
  const says = async (paths: unknown, text = JSON.stringify({ sdk: { paths } })) => {
    writeFiles(folder, { "app/global.json": text, "app/src/.keep": "", "outside/.keep": "" });
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
    writeFiles(folder, { "app/.dotnet/.keep": "" });
    symlinkSync(join(folder, "app", ".dotnet"), join(folder, "sdk"));
    expect(await says(["../sdk"])).toBe("SDK_IN_PROJECT");
  });

  it("in words that we cannot read is refused", async () =>
    expect(await says(null, '{ /* here */ "sdk": { "paths": [".dotnet"] } }')).toBe("SDK_IN_PROJECT"));

  it.each([
    ["the installed one", ["$host$"], undefined],
    ["outside of the project", ["../outside"], undefined],
    ["by version, with a comment", null, '{ /* ours */ "sdk": { "version": "10.0.100" } }'],
  ])("%s is taken", async (_, paths, text) => expect(await says(paths, text)).toBe("allowed"));

  it.skipIf(!hasDotnet)("stops every command before dotnet is started", async () => {
    await says([".dotnet"]);
    const home = join(folder, "home");
    const app = { cwd: join(folder, "app"), home, env: dotnetEnvironment(home) };
    expect(await safeInstall(["dotnet", "--version"], app)).toMatchObject({
      exit: 127,
      stderr: expect.stringContaining("SDK_IN_PROJECT"),
    });
  });
});
