/** No program that lies in the project is started on the way to a decision, wherever dotnet and NuGet would look for one. */
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
      // In one search, each of them before every other place.
      const bins = [join(app.project, "node_modules", ".bin"), join(folder, "bin"), "node_modules/.bin"];
      const searched = { ...dotnetEnvironment(app.home), PATH: [...bins, process.env["PATH"]].join(delimiter) };
      const gated = await safeInstall(["dotnet", "restore"], { cwd: app.project, home: app.home, env: searched });
      expect(gated.exit).not.toBe(0);
      expect(existsSync(ran)).toBe(false);
      const env = { PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter) };
      await plainDotnet(["restore"], { cwd: app.project, home: app.home, env });
      expect(existsSync(ran)).toBe(true);
    });
  },
);

describe.skipIf(!hasDotnet)("an SDK that global.json says is in the project", () => {
  it("stops every command before dotnet is started", async () => {
    const cwd = join(folder, "app");
    writeFiles(cwd, { "global.json": '{"sdk":{"paths":[".dotnet"]}}', ".dotnet/sdk/.keep": "" });
    const home = join(folder, "home");
    expect(await safeInstall(["dotnet", "--version"], { cwd, home, env: dotnetEnvironment(home) })).toMatchObject({
      exit: 127,
      stderr: expect.stringContaining("SDK_IN_PROJECT"),
    });
  });
});

describe.skipIf(!hasDotnet)("a subcommand that an SDK to come may bring", () => {
  it.each(["nuget", "sdk", "sln", "solution", "reference"])("%s fetch: is not passed on to dotnet", async (command) => {
    const [cwd, home] = [temporaryFolder(), join(folder, "home")];
    const { exit, stderr } = await safeInstall(["dotnet", command, "fetch"], {
      cwd,
      home,
      env: dotnetEnvironment(home),
    });
    expect({ exit, stderr }).toMatchObject({
      exit: 64,
      stderr: expect.stringContaining("not known to leave packages"),
    });
  });
});
