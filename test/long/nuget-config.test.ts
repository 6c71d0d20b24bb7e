/** A NuGet.config is read as the client at hand reads it: sources, in their order, without the disabled ones. */
import { readSettingsFiles } from "../../plugins/dotnet/feed/settings.ts";
import { readBounded } from "../../src/io/files.ts";
import { temporaryFolder } from "../support/folder.ts";
import { dotnetEnvironment, hasDotnet } from "../support/nuget/project.ts";
import { execa } from "execa";
import fc from "fast-check";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const spelled = (name: string) => fc.constantFrom(name, name.toUpperCase(), name[0]?.toUpperCase() + name.slice(1));
const key = fc.constantFrom("one", "two", "three", "four");
const item = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(spelled("add"), key, key)
      .map(([at, name, host]) => `<${at} key="${name}" value="https://${host}.example/index.json" />`),
  },
  { weight: 1, arbitrary: spelled("clear").map((at) => `<${at} />`) },
  { weight: 1, arbitrary: key.map((name) => `<remove key="${name}" />`) },
  { weight: 1, arbitrary: key.map((name) => `<other key="${name}" value="https://other.example/" />`) },
);
const section = (name: string) =>
  fc
    .tuple(
      fc.oneof({ weight: 6, arbitrary: fc.constant(name) }, spelled(name)), // Two of one key: the client itself has more than one answer.
      fc.uniqueArray(item, { maxLength: 6, selector: (text) => /key="(\w+)"/.exec(text)?.[1] ?? "" }),
    )
    .map(([spelling, items]) => `<${spelling}>${items.join("")}</${spelling}>`);
const config = fc
  .tuple(
    spelled("configuration"),
    fc.array(fc.oneof({ weight: 3, arbitrary: section("packageSources") }, section("disabledPackageSources")), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([root, sections]) => `<${root}>${sections.join("")}</${root}>`);

test.skipIf(!hasDotnet)("a differential test over 40 files", { timeout: 1_200_000 }, async () => {
  const folder = temporaryFolder();
  const file = join(folder, "user.config");
  const env = { ...dotnetEnvironment(folder), DOTNET_CLI_UI_LANGUAGE: "en" };
  const host = { env: { HOME: folder }, read: readBounded };
  await fc.assert(
    fc.asyncProperty(config, async (text) => {
      writeFileSync(file, text);
      const { stdout } = await execa("dotnet", ["nuget", "list", "source", "--configfile", file], {
        cwd: folder,
        env,
        extendEnv: false,
      });
      const theirs = [...stdout.matchAll(/^ *\d+\. +(\S+) \[Enabled\]\s+(\S+)/gm)].map(([, name, value]) => [
        name,
        value,
      ]);
      const { sources } = await readSettingsFiles(
        [file],
        { repositoryRoot: join(folder, "elsewhere"), registries: [] },
        host,
      );
      expect(Object.fromEntries(sources)).toEqual(Object.fromEntries(theirs) as Record<string, string>);
    }),
    { numRuns: 40, seed: 15 },
  );
});
