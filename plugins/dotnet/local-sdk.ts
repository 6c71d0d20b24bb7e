import { JsonError, parseJson, SafeInstallError, isInside, leadsInside } from "../../src/plugin.ts";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/**
 * An SDK that lies in the project is a program of the project: `sdk.paths` of global.json would have dotnet start it, also
 * to say its version (learn.microsoft.com, global.json overview). @throws SafeInstallError kind "installer"
 */
export async function requireInstalledSdk(cwd: string, project: string): Promise<void> {
  const found = await nearestGlobalJson(cwd);
  if (found === null) return;
  for (const path of sdkPathsIn(found.text)) {
    const place = path === "$host$" ? null : resolve(dirname(found.file), path);
    if (place === null || !(isInside(place, project) || (await leadsInside(place, project)))) continue;
    throw new SafeInstallError(
      "installer",
      "SDK_IN_PROJECT",
      `${found.file} names an SDK inside of the project: ${path}`,
      {
        hint: "install the SDK outside of the project; nothing that a repository holds is started",
      },
    );
  }
}

/** Only the first one on the way up counts. */
async function nearestGlobalJson(cwd: string): Promise<{ readonly file: string; readonly text: string } | null> {
  for (let at = cwd; ; at = dirname(at)) {
    const file = join(at, "global.json");
    const text = await readFile(file, "utf8").catch(() => null);
    if (text !== null) return { file, text };
    if (dirname(at) === at) return null;
  }
}

/** dotnet reads comments, and we read none: of what is no strict JSON and speaks of paths, the worst is assumed. */
function sdkPathsIn(text: string): readonly string[] {
  try {
    const { sdk } = parseJson(text.replace(/^\uFEFF/, "")) as { sdk?: { paths?: unknown } };
    return Array.isArray(sdk?.paths) ? sdk.paths.map(String) : [];
  } catch (error) {
    if (!(error instanceof JsonError || error instanceof TypeError)) throw error;
    return /paths|\\u/.test(text) ? ["."] : [];
  }
}
