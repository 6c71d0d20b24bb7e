import { addSignature, startFeed } from "../support/nuget.ts";
import { csproj, nugetConfig, writeFiles } from "../support/nuget/project.ts";
import { attest, policyFor, sha256 } from "../support/nuget/scene.ts";
import type { Instance } from "../support/sigstore.ts";
import type { Stage } from "./stage.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The same for .NET: a feed's signature changes every package, and what the pipeline attested is proven all the same. */
export async function sameForDotnet(stage: Stage, folder: string, instance: Instance): Promise<void> {
  stage.scene("The same for .NET: packages that the feed has signed over", [
    "The feed adds a signature to every package: the bytes are no longer those that the",
    "pipeline attested. safe-install takes it out again, and proves what is left.",
  ]);
  const feed = await startFeed();
  try {
    const widget = { id: "Acme.Widget", version: "1.0.0" };
    const bundles: Record<string, string> = {};
    /** @returns a lock that asks for it. */
    const publish = async (repository: string, text: string) => {
      const packed = feed.make({ ...widget, files: { "by.txt": text } });
      feed.publish(widget.id, widget.version, addSignature(packed, Buffer.from("of the feed")));
      bundles[`bundles/sha256-${sha256(packed)}.sigstore.json`] = await attest(instance, widget, packed, repository);
      const contentHash = feed.contentHash(packed);
      const entry = { type: "Direct", requested: "[1.0.0, )", resolved: "1.0.0", contentHash };
      return JSON.stringify({ version: 1, dependencies: { "net10.0": { "Acme.Widget": entry } } });
    };
    const lock = await publish("acme/Acme.Widget", "by ACME");
    const project = {
      "app.csproj": csproj({ "Acme.Widget": "1.0.0" }, { RestorePackagesWithLockFile: "true" }),
      "nuget.config": nugetConfig({ feed: feed.url }),
      ".signing-policy.json": policyFor(["Acme.Widget"]),
      "trust/root.json": JSON.stringify(instance.trustedRoot),
    };
    writeFiles(folder, { ...project, "packages.lock.json": lock, ...bundles });
    const good = await stage.safeInstall(folder, ["dotnet", "restore"]);
    stage.expect("is allowed", good, { exit: 0, says: ["1 package: 1 publisher verified"] });
    stage.fact("the project is restored", existsSync(join(folder, "obj", "project.assets.json")));

    const theirs = await publish("mallory/widget", "by Mallory");
    const other = `${folder}-2`;
    writeFiles(other, { ...project, "packages.lock.json": theirs, ...bundles });
    stage.say(["Somebody replaced it on the feed, signed it, and changed the lock to match:"]);
    const refused = await stage.safeInstall(other, ["dotnet", "restore"]);
    stage.expect("is refused", refused, { exit: 65, says: ["UNTRUSTED_SIGNER", "mallory/widget"] });
    stage.fact("nothing was written into the project", !existsSync(join(other, "obj")));
  } finally {
    await feed.close();
  }
}
