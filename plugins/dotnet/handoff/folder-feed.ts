import type { Proven } from "../../../src/plugin.ts";
import { fileName } from "../names.ts";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A folder of proven packages, and the NuGet.config that knows nothing else. */
export interface FolderFeed {
  readonly folder: string;
  readonly config: string;
}

/** Packages go in as they were judged: without the signature that a registry added. */
export async function writeFeed(place: string, proven: readonly Proven[]): Promise<FolderFeed> {
  const folder = join(place, "packages");
  const config = join(place, "NuGet.config");
  await mkdir(folder);
  for (const { artifact, bytes } of proven)
    await writeFile(join(folder, fileName(artifact.package)), await bytes.read());
  await writeFile(config, configFor(folder));
  return { folder, config };
}

/** Every section that could name another place is emptied (learn.microsoft.com, NuGet.config reference). */
function configFor(folder: string): string {
  const value = folder.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  return `<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <packageSources><clear /><add key="safe-install" value="${value}" /></packageSources>
  <disabledPackageSources><clear /></disabledPackageSources>
  <fallbackPackageFolders><clear /></fallbackPackageFolders>
  <packageSourceMapping><clear /></packageSourceMapping>
  <auditSources><clear /></auditSources>
  <config><clear /><add key="signatureValidationMode" value="accept" /></config>
</configuration>
`;
}
