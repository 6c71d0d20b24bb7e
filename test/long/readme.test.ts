/** The sessions of README are typed, each in an empty folder, and every command prints what README shows. */
import { CORPUS, corpusText, hasCorpus } from "../support/corpus.ts";
import { temporaryFolder } from "../support/folder.ts";
import { startFeed } from "../support/nuget.ts";
import { dotnetEnvironment, hasDotnet, nugetConfig, writeFiles } from "../support/nuget/project.ts";
import { makeWheel, startIndex } from "../support/pypi.ts";
import { hasPip } from "../support/pypi/pythons.ts";
import { startRegistry } from "../support/registry.ts";
import { expectShown } from "../support/session.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, onTestFinished } from "vitest";

const REAL = "@laurentsimon/provenance-npm-test";

describe("the session of README for", () => {
  it.skipIf(!hasCorpus)("npm, with a real package and its real provenance", async () => {
    const registry = await startRegistry();
    onTestFinished(() => registry.close());
    registry.publish({
      name: REAL,
      version: "1.0.5",
      tarball: readFileSync(join(CORPUS, `npm/${REAL}@1.0.5/provenance-npm-test-1.0.5.tgz`)),
      attestations: { status: 200, body: corpusText(`npm/${REAL}@1.0.5/attestations.json`) },
    });
    for (const version of ["6.0.0", "7.0.0"]) registry.publish({ name: "is-number", version });
    await expectShown("npm", temporaryFolder(), { npm_config_registry: registry.url });
  });

  it.skipIf(!hasPip)("pip", async () => {
    const index = await startIndex();
    onTestFinished(() => index.close());
    for (const version of ["1.16.0", "1.17.0"]) index.publish(makeWheel({ name: "six", version }));
    await expectShown("pip", temporaryFolder(), { PIP_INDEX_URL: index.url, PIP_DISABLE_PIP_VERSION_CHECK: "1" });
  });

  it.skipIf(!hasDotnet)("dotnet", async () => {
    const feed = await startFeed();
    onTestFinished(() => feed.close());
    for (const version of ["4.1.0", "4.2.0"]) feed.publish("Serilog", version, feed.make({ id: "Serilog", version }));
    const home = temporaryFolder();
    writeFiles(home, { ".nuget/NuGet/NuGet.Config": nugetConfig({ feed: feed.url }) });
    await expectShown("dotnet", home, dotnetEnvironment(home));
  });
});
