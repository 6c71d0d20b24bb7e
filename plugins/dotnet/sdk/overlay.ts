import { LIMITS, type Proven, SafeInstallError } from "../../../src/plugin.ts";
import { type Dotnet, QUIET, step } from "../run.ts";
import { dataOf, readZip } from "../zip.ts";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/**
 * The .NET SDK as MSBuild sees it, with proven project SDKs beside its own: links to everything that is there, laid out
 * as there, because the SDK's files look for each other by relative paths.
 * @returns the folder for MSBuildSDKsPath
 */
export async function layOverlay(dotnet: Dotnet, proven: readonly Proven[], folder: string): Promise<string> {
  const sdk = await findSdk(dotnet, folder);
  const root = dirname(dirname(sdk));
  const place = join(folder, "dotnet", "sdk", basename(sdk));
  await mkdir(join(place, "Sdks"), { recursive: true });
  await linkAll(root, join(folder, "dotnet"), "sdk");
  await linkAll(sdk, place, "Sdks");
  await linkAll(join(sdk, "Sdks"), join(place, "Sdks"), "");
  const own = new Set((await readdir(join(sdk, "Sdks"))).map((name) => name.toLowerCase()));
  for (const { artifact, bytes } of proven) {
    const { name } = artifact.package;
    if (own.has(name.toLowerCase())) throw cannotReplace(name);
    await unpack(await bytes.read(), join(place, "Sdks", name));
  }
  return join(place, "Sdks");
}

/** Its link leads into the installed SDK, which is nobody's to write into. */
function cannotReplace(name: string): SafeInstallError {
  return new SafeInstallError(
    "usage",
    "SDK_INVALID",
    `${name} is one of the .NET SDK's own: it cannot have a version`,
    {
      hint: `write "${name}" without a version`,
    },
  );
}

/** The folder of the SDK that counts here (global.json), by its own word. */
async function findSdk(dotnet: Dotnet, folder: string): Promise<string> {
  const project = join(folder, "which-sdk.proj");
  const answer = join(folder, "which-sdk.txt");
  await writeFile(
    project,
    `<Project><Target Name="Tell"><WriteLinesToFile File="${answer}" Lines="$(MSBuildExtensionsPath)" /></Target></Project>`,
  );
  await step(dotnet, "say where its SDK is", ["msbuild", project, ...QUIET, "-t:Tell"], join(folder, "none"));
  return resolve((await readFile(answer, "utf8")).trim());
}

async function linkAll(from: string, to: string, except: string): Promise<void> {
  for (const name of await readdir(from)) if (name !== except) await symlink(join(from, name), join(to, name));
}

/** Writes the files of a package; a name that leads elsewhere, or twice to the same place, is refused. */
async function unpack(content: Buffer, folder: string): Promise<void> {
  const written = new Set<string>();
  for (const entry of readZip(content).entries) {
    const name = Buffer.from(entry.name, "latin1").toString("utf8");
    if (name.endsWith("/")) continue;
    const parts = decoded(name).split("/");
    if (
      parts.some((part) => part === "" || part === "." || part === ".." || /[\\:\0]/.test(part)) ||
      written.has(name.toLowerCase())
    )
      throw new SafeInstallError(
        "unbound",
        "ARCHIVE_INVALID",
        `a project SDK holds a file that cannot be unpacked: ${JSON.stringify(name)}`,
      );
    written.add(name.toLowerCase());
    const path = join(folder, ...parts);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, dataOf(entry, content, LIMITS.artifactBytes));
  }
}

/** NuGet writes some characters of a name percent-encoded. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
