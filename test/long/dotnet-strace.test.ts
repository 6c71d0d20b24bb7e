/**
 * What the kernel sees while ordinary projects are read and denied: which programs start, which connections are opened, which
 * files are written. (`npm run test:long`; strace.)
 */
import { temporaryFolder } from "../support/folder.ts";
import { BIN } from "../support/cli.ts";
import { csproj, dotnetEnvironment, hasDotnet } from "../support/nuget/project.ts";
import { policyFor, type Scene, stage, startScene } from "../support/nuget/scene.ts";
import { execa } from "execa";
import { execFileSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const hasStrace = (() => {
  try {
    execFileSync("strace", ["-V"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("There is no strace on PATH: what the kernel sees is not looked at.");
    return false;
  }
})();

const ID = "Acme.Widget";
let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
  await scene.publish({ id: ID, version: "1.0.0" });
});
afterAll(() => scene.feed.close());

const ONE = { [ID]: "1.0.0" };
const HOOK = '<Target Name="Hook" BeforeTargets="Restore"><Exec Command="touch evil-ran" /></Target>';
const slnx = (...projects: readonly string[]) =>
  `<Solution>${projects.map((path) => `<Project Path="${path}" />`).join("")}</Solution>`;

/** Ten ordinary repositories. */
const PROJECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "a library": { "app.csproj": csproj(ONE) },
  "a program": { "app.csproj": csproj(ONE, { OutputType: "Exe", RuntimeIdentifier: "linux-x64" }), "Program.cs": "" },
  "several frameworks": {
    "app.csproj": csproj(ONE, {
      TargetFramework: "",
      TargetFrameworks: "net10.0;net9.0",
      DisableImplicitFrameworkReferences: "true",
    }),
  },
  "central package management": {
    "app.csproj": csproj({ [ID]: "" }),
    "Directory.Packages.props": `<Project><PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup><ItemGroup><PackageVersion Include="${ID}" Version="1.0.0" /></ItemGroup></Project>`,
  },
  "properties in the folder above": {
    "app.csproj": csproj({}),
    "Directory.Build.props": `<Project><ItemGroup><PackageReference Include="${ID}" Version="1.0.0" /></ItemGroup></Project>`,
    "Directory.Build.targets":
      '<Project><Target Name="After" AfterTargets="Build"><Exec Command="touch evil-ran" /></Target></Project>',
  },
  "a solution": {
    "all.slnx": slnx("a/a.csproj", "b/b.csproj"),
    "a/a.csproj": csproj(ONE, {}, '<ItemGroup><ProjectReference Include="../b/b.csproj" /></ItemGroup>'),
    "b/b.csproj": csproj(ONE),
  },
  "F#": { "app.fsproj": csproj(ONE, { DisableImplicitFSharpCoreReference: "true" }), "a.fs": "module A" },
  "a lock that is wanted": { "app.csproj": csproj(ONE, { RestorePackagesWithLockFile: "true" }) },
  "a target before the build": {
    "app.csproj": csproj(ONE, {}, HOOK.replace('"Restore"', '"Build"')),
  },
  "a target before restore, and a response file": {
    "app.csproj": csproj(ONE, {}, HOOK),
    "Directory.Build.rsp": "-logger:FileLogger,Microsoft.Build;logfile=evil-ran\n",
  },
};

/** All that is started, by the name of its file. */
const PROGRAMS = new Set(["node", "dotnet"]);

describe.skipIf(!hasDotnet || !hasStrace)(
  "while it is read, nothing but the SDK runs, and nothing is written or asked outside of it:",
  () => {
    it.each(Object.entries(PROJECTS))("%s", async (_, files) => {
      const folder = realpathSync(temporaryFolder());
      const [project, home, log] = [join(folder, "app"), join(folder, "home"), join(folder, "log")];
      const app = stage(scene, { project, home }, files, policyFor([]));
      const before = app.snapshot();
      const words = [
        "-f",
        "-qq",
        "-e",
        "trace=execve,connect,openat,open,creat,rename,renameat2,unlinkat",
        "-s",
        "400",
        "-o",
        log,
      ];
      const { exitCode, stderr } = await execa("strace", [...words, process.execPath, BIN, "dotnet", "restore"], {
        cwd: project,
        env: dotnetEnvironment(home),
        extendEnv: false,
        reject: false,
        stdin: "ignore",
      });
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 65 });
      const seen = readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => !/ = -1 E/.test(line));
      expect(programsIn(seen).filter((path) => !PROGRAMS.has(path.slice(path.lastIndexOf("/") + 1)))).toEqual([]);
      expect(
        addressesIn(readFileSync(log, "utf8").split("\n")).filter((one) => one !== `127.0.0.1:${portOf(scene)}`),
      ).toEqual([]);
      expect(writtenIn(seen).filter((path) => !isOfTheRun(path, home))).toEqual([]);
      expect(app.snapshot()).toEqual(before);
    });
  },
);

const portOf = ({ feed }: Scene) => new URL(feed.url).port;

function programsIn(lines: readonly string[]): readonly string[] {
  return [...new Set(lines.flatMap((line) => /\bexecve\("([^"]+)"/.exec(line)?.[1] ?? []))];
}

/** Also those that are not reached. */
function addressesIn(lines: readonly string[]): readonly string[] {
  const found = lines.flatMap((line) => {
    const [, port = ""] = /sin6?_port=htons\((\d+)\)/.exec(line) ?? [];
    const [, address = ""] = /inet_(?:addr\(|pton\(AF_INET6, )"(?:::ffff:)?([^"]+)"/.exec(line) ?? [];
    return /\bconnect\(.*AF_INET/.test(line) ? [`${address}:${port}`] : [];
  });
  return [...new Set(found)];
}

function writtenIn(lines: readonly string[]): readonly string[] {
  const found = lines.flatMap((line) => {
    const [, opened] = /\bopen(?:at)?\((?:AT_FDCWD, |\d+, )?"([^"]*)", [^)]*O_(?:WRONLY|RDWR|CREAT)/.exec(line) ?? [];
    const [, moved] = /\b(?:creat|rename\w*|unlinkat)\((?:AT_FDCWD, |\d+, )?"([^"]*)"/.exec(line) ?? [];
    return opened ?? moved ?? [];
  });
  return [...new Set(found)];
}

/** The gate's temporary folders and its cache; and what is no file. */
function isOfTheRun(path: string, home: string): boolean {
  const places = [join(home, ".local", "state", "safe-install"), join(home, ".cache", "safe-install"), "/dev", "/proc"];
  return (
    /^\/tmp\/safe-install-[0-9a-f]{24}\//.test(path) ||
    places.some((place) => path === place || path.startsWith(`${place}/`))
  );
}
