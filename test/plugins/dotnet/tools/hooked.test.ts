import { hookedTools } from "../../../../plugins/dotnet/tools/hooked.ts";
import { parseRoot } from "../../../../plugins/dotnet/xml.ts";
import { putInto, temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { layRepository } from "../../../support/repository.ts";
import { makePackage } from "../../../support/nuget.ts";
import { join } from "node:path";
import { expect, it } from "vitest";

const tools = (id: string) => ({ version: 1, isRoot: true, tools: { [id]: { version: "1.0.0", commands: ["x"] } } });

async function ask(tasks: string, { folders = ["app"], manifests = ["app"], broken = false } = {}) {
  const root = temporaryFolder();
  layRepository(root);
  putInto(root, "nuget.config", "<configuration><packageSources><clear /></packageSources></configuration>");
  for (const folder of manifests)
    putInto(root, `${folder}/.config/dotnet-tools.json`, broken ? "{" : tools(`tool.${folder}`));
  const host = testHost({ home: temporaryFolder() });
  const asked = {
    folders: folders.map((one) => join(root, one)),
    bounds: { repositoryRoot: root, registries: [] },
    learnt: new Map(),
    dotnet: { file: "/none/dotnet", cwd: root, host, sdks: null, home: root },
  };
  const target = { file: join(root, "a.targets"), element: parseRoot(`<Target Name="T">${tasks}</Target>`), tasks: [] };
  const steps = hookedTools(asked, [{ ...target, matters: null }]);
  const first = await steps.next([]);
  return { first, steps, root };
}

it.each([
  ['<Exec Command="dotnet tool restore" />', true],
  ['<Exec Command="./build.sh" />', true],
  ["<Exec />", true],
  ['<Exec Command="git status" />', false],
  ['<Exec Command="  git rev-parse HEAD" />', false],
  ['<Exec Command="git clone x" />', true],
  ['<Exec Command="sudo echo x" />', true],
  ['<Exec Command="echo x; ./y" />', true],
  ['<Exec Command="echo x | sh" />', true],
  ['<Exec Command="echo $(x)" />', true],
  ['<Exec Command="echo %X%" />', true],
  ['<Exec Command="echoes" />', true],
  ['<Message Text="x" /><Touch Files="y" />', false],
  ["<PropertyGroup><A>1</A></PropertyGroup><ItemGroup />", false],
  ["<MyMessage />", true],
  ["<MessageBox />", true],
  ['<Message Text="x" /><CallTarget Targets="Y" />', true],
])("%s may start tools: %s", async (tasks, expected) => {
  // One that cannot be read is refused as soon as it is looked at.
  const asked = ask(tasks, { broken: true });
  if (expected) await expect(asked).rejects.toMatchObject({ code: "TOOLS_INVALID" });
  else expect((await asked).first).toEqual({ done: true, value: null });
});

it("the tools of each folder's manifests are one part, and belong to what is proven", async () => {
  const { first, steps, root } = await ask("<X />", { folders: ["app", "lib", "none"], manifests: ["app", "lib"] });
  if (first.done === true) throw new Error("no part");
  expect(first.value).toMatchObject({ opens: true });
  expect(first.value.artifacts.map(({ package: one }) => one.name)).toEqual(["tool.app", "tool.lib"]);
  const bytes = { read: () => Promise.resolve(makePackage({ id: "x", version: "1.0.0" })), digests: [] };
  const proven = first.value.artifacts.map((artifact) => ({ artifact, bytes }));
  const { done, value } = await steps.next(proven);
  expect(done).toBe(true);
  expect(value).toEqual({ folders: [join(root, "app"), join(root, "lib")], proven });
});

it("without a manifest there are none", async () => {
  expect((await ask("<X />", { manifests: [] })).first).toEqual({ done: true, value: null });
});
