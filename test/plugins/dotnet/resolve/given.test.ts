import { namesGiven } from "../../../../plugins/dotnet/resolve/given.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { writeFiles } from "../../../support/nuget/project.ts";
import { join } from "node:path";
import { expect, it } from "vitest";

it("names of which the SDK, the command line or the environment say something", async () => {
  const root = temporaryFolder();
  writeFiles(root, {
    dotnet: "",
    "sdk/10.0.100/A.targets": `<Project><PropertyGroup><Set Condition="'$(Asked)' == ''">x</Set></PropertyGroup>
<Target Name="T"><MSBuild Projects="x" Properties="Global=true; Second = false;" /><X><Output PropertyName="Made" /></X></Target></Project>`,
    "sdk-manifests/x/WorkloadManifest.targets": "<Project><PropertyGroup><FromManifest /></PropertyGroup></Project>",
    "sdk/10.0.100/notes.txt": "<Other>",
  });
  const given = await namesGiven(join(root, "dotnet"), {
    words: ["-p:Word=1", "--property:Long=2", "restore"],
    env: { Variable: "x" },
    sdks: [],
  });
  const wanted = ["set", "asked", "global", "second", "made", "frommanifest", "word", "long", "variable"];
  expect(wanted.filter((one) => !given.has(one))).toEqual([]);
  expect(["other", "restore", "nothing"].filter((one) => given.has(one))).toEqual([]);
});
