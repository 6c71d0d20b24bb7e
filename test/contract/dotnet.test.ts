import { dotnet } from "../../plugins/dotnet/index.ts";
import { table } from "../../plugins/dotnet/table.ts";
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
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, onTestFinished } from "vitest";

describe.skipIf(!hasDotnet)("dotnet keeps the contract", () => keepsTheContract({ plugin: dotnet, table, lay }));

async function lay(): Promise<Laid> {
  const feed = await startFeed();
  onTestFinished(() => feed.close());
  for (const id of ["Acme.Widget", "Acme.Gadget"]) feed.make({ id, version: "1.0.0" });
  const [folder, home] = [temporaryFolder(), temporaryFolder()];
  writeFiles(folder, {
    "app.csproj": csproj({ "Acme.Widget": "1.0.0", "Acme.Gadget": "1.0.0" }, { RestorePackagesWithLockFile: "true" }),
    "nuget.config": nugetConfig({ feed: feed.url }),
  });
  await plainDotnet(["restore"], { cwd: folder, home });
  // Only the lock stays of it: neither what it left in the project nor what it keeps for the next time.
  for (const path of [join(folder, "obj"), join(home, ".nuget"), join(home, "http-cache")])
    rmSync(path, { recursive: true, force: true });
  return {
    folder,
    home,
    names: readdirSync(folder),
    env: dotnetEnvironment(home),
    requests: () => feed.requests.length,
    installed: () => installedIn(folder),
    meddle: () => {
      const assets = join(folder, "obj/project.assets.json");
      writeFileSync(assets, readFileSync(assets, "utf8").replace('"sha512": "', '"sha512": "AAAA'));
    },
  };
}

/** The packages folder is the run's own. */
function installedIn(folder: string): string {
  const packages = join(folder, "obj/.safe-install");
  const run = readdirSync(packages).find((name) => !name.startsWith(".")) ?? "";
  return join(packages, run, "acme.widget/1.0.0/acme.widget.nuspec");
}
