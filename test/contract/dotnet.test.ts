import { dotnet } from "../../plugins/dotnet/index.ts";
import { temporaryFolder } from "../support/folder.ts";
import { startFeed } from "../support/nuget.ts";
import {
  csproj,
  dotnetEnvironment,
  hasDotnet,
  nugetConfig,
  plainDotnet,
  writeFiles,
} from "../support/nuget/project.ts";
import { keepsTheContract, type Laid } from "./suite.ts";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, onTestFinished } from "vitest";

const IDS = ["Acme.Widget", "Acme.Gadget"];
const PROJECT = csproj(Object.fromEntries(IDS.map((id) => [id, "1.0.0"])), { RestorePackagesWithLockFile: "true" });

describe.skipIf(!hasDotnet)("dotnet keeps the contract", () => {
  let lock = "";
  keepsTheContract({
    plugin: dotnet,
    lay: async () => {
      lock ||= await lockOf(await lay());
      return lay({ "packages.lock.json": lock });
    },
  });
});

/** The one that the real SDK writes: the same for every feed that has the same bytes. */
async function lockOf({ folder, home }: Laid): Promise<string> {
  await plainDotnet(["restore"], { cwd: folder, home });
  return readFileSync(join(folder, "packages.lock.json"), "utf8");
}

async function lay(files: Readonly<Record<string, string>> = {}): Promise<Laid> {
  const feed = await startFeed();
  onTestFinished(() => feed.close());
  for (const id of IDS) feed.make({ id, version: "1.0.0" });
  const [folder, home] = [temporaryFolder(), temporaryFolder()];
  writeFiles(folder, { "app.csproj": PROJECT, "nuget.config": nugetConfig({ feed: feed.url }), ...files });
  const assets = join(folder, "obj/project.assets.json");
  return {
    folder,
    home,
    names: readdirSync(folder),
    env: dotnetEnvironment(home),
    requests: () => feed.requests.length,
    installed: () => assets,
    meddle: () => writeFileSync(assets, readFileSync(assets, "utf8").replace('"sha512": "', '"sha512": "AAAA')),
  };
}
