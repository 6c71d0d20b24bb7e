/** The table of options, and MSBuild's switches, against the SDK that is installed. */
import { isForMsbuild, OPTIONS, readWords } from "../../../../plugins/dotnet/words/options.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { dotnetEnvironment, hasDotnet, writeFiles } from "../../../support/nuget/project.ts";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

interface Schema {
  readonly options: Readonly<
    Record<
      string,
      {
        readonly aliases?: readonly string[] | null;
        readonly valueType: string;
        readonly arity: { readonly minimum: number; readonly maximum?: number };
      }
    >
  >;
}

async function said(args: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = temporaryFolder();
  writeFiles(folder, files);
  const env = { ...dotnetEnvironment(folder), DOTNET_CLI_UI_LANGUAGE: "en" };
  return (await execa("dotnet", args, { cwd: folder, env, extendEnv: false })).stdout;
}

const OTHER_RUNNER = { "global.json": '{ "test": { "runner": "Microsoft.Testing.Platform" } }' };

/** Its two runners differ. */
const BOTH: ReadonlySet<string> = new Set(["test --no-build", "test -t"]);

describe.skipIf(!hasDotnet)("the table has", () => {
  it.each([...OPTIONS.keys()].map((command) => [command, {}] as const).concat([["test", OTHER_RUNNER]]))(
    "every option of dotnet %s %s, and how many words it takes",
    async (command, files) => {
      const { options } = JSON.parse(await said([command, "--cli-schema"], files)) as Schema;
      // Of two with one name the first has it.
      const all = Object.entries(options).toReversed();
      const theirs = Object.fromEntries(
        all.flatMap(
          ([
            name,
            {
              aliases,
              valueType,
              arity: { minimum, maximum },
            },
          ]) => {
            const some = minimum > 0 ? "one" : valueType === "System.Boolean" ? "a flag" : "perhaps one";
            const takes = BOTH.has(`${command} ${name}`) ? "a flag" : maximum === 0 ? "nothing" : some;
            const names = [name, ...(aliases ?? [])].filter((one) => !BOTH.has(`${command} ${one}`) || one === name);
            return names.map((one) => [one, { name, takes }] as const);
          },
        ),
      );
      const ours = Object.keys(theirs).map((one) => [one, OPTIONS.get(command)?.get(one)]);
      expect(ours.length).toBeGreaterThan(15);
      expect(Object.fromEntries(ours)).toEqual(theirs);
    },
  );

  it("every switch of MSBuild", async () => {
    const help = await said(["msbuild", "-help"]);
    const long = [...help.matchAll(/^  (-\w+?)(?:\[n\])?(?=[:[ \r\n])/gm)];
    const short = [...help.matchAll(/Short forms?: (.*?)\)/gs)];
    const names = [...long, ...short].flatMap(([, text = ""]) =>
      [...text.matchAll(/-([\w?]+)/g)].flatMap(([, name]) => name ?? []),
    );
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => !isForMsbuild(`/${name}`))).toEqual([]);
  });
});

describe("words are read as dotnet reads them:", () => {
  it.each([
    [
      "publish",
      "-r linux-x64 --self-contained false app",
      [
        ["--runtime", "linux-x64"],
        ["--self-contained", "false"],
        [null, undefined, "app"],
      ],
    ],
    ["build", "--sc app", [["--self-contained"], [null, undefined, "app"]]],
    [
      "build",
      "-c=Release --output:out",
      [
        ["--configuration", "Release"],
        ["--output", "out"],
      ],
    ],
    ["build", "-f net10.0", [["--framework", "net10.0"]]],
    ["restore", "-f app", [["--force"], [null, undefined, "app"]]],
    ["test", "-t -s x", [["--list-tests"], ["--settings", "x"]]],
    ["pack", "-s app", [["--serviceable"], [null, undefined, "app"]]],
    [
      "build",
      "-t Rebuild app",
      [
        ["--target", "Rebuild"],
        [null, undefined, "app"],
      ],
    ],
    ["build", "/v:q", [["--verbosity", "q"]]],
    [
      "build",
      "-p app=1 -p:b=2",
      [
        ["--property", "app=1"],
        ["--property", "b=2"],
      ],
    ],
  ])("%s %s", (command, text, expected) => {
    const read = readWords(command, text.split(" ")).map(({ name, value, text: word }) =>
      name === null ? [name, value, word] : value === undefined ? [name] : [name, value],
    );
    expect(read).toEqual(expected);
  });

  it.each([
    "/m",
    "/m:4",
    "/nologo",
    "/v:q",
    "/bl",
    "/bl:x.binlog",
    "/t:Rebuild",
    "/nr:false",
    "/fl3",
    "-m",
    "--unknown",
  ])("%s is for MSBuild", (word) => expect(isForMsbuild(word)).toBe(true));

  it.each(["/src/app.csproj", "/app", "app/m", "m"])("%s is a path", (word) => expect(isForMsbuild(word)).toBe(false));
});
