/** How the cases are run that say it in words: which script of ours, which environment, which commands. */
import { execFileSync } from "node:child_process";

/** Below `scripts/`. */
export const SCRIPTS: Readonly<Record<string, string>> = {
  "npm/directories-bin": "npm/ci.sh",
  "npm/duplicate-json-name": "npm/ci.sh",
  "npm/leftover-aside": "npm/leftover-aside.sh",
  "npm/mount-node-modules": "npm/mount-node-modules.sh",
  "npm/offline-without-sha512": "npm/offline-without-sha512.sh",
  "npm/overlayfs-exdev": "npm/overlayfs-exdev.sh",
};

const check = (words: string) => `node "$SAFE_INSTALL" check ${words}`;

export const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  "pip/check-needs-pip": [
    `mkdir "$TMPDIR/bin" && ln -s ${process.execPath} "$TMPDIR/bin/node"`,
    'env -i PATH="$TMPDIR/bin" HOME="$HOME" node "$SAFE_INSTALL" check --offline',
  ],
  "pip/lock-sibling-folder": ["cd app", check("")],
  "pip/lock-sdist-suffixes": [check("poetry.lock"), check("uv.lock")],
  "pip/lock-uv-folder-link-outside": ["sh ./make.sh", check("")],
  "pip/lock-uv-sdist-build-requires": [check("poetry.lock"), check("pylock.toml"), check("uv.lock")],
};

export const ENVIRONMENTS: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
  "pip/check-index-down": () => ({ PIP_INDEX_URL: "http://127.0.0.1:9/simple" }),
  "pip/check-index-url-line": () => ({ PIP_INDEX_URL: "http://127.0.0.1:9190/simple" }),
  "dotnet/fsharp": nugetIndex,
  "dotnet/init-project-sdk": nugetIndex,
  "dotnet/init-signatures": nugetIndex,
  "dotnet/sdk-paths": nugetIndex,
  "dotnet/tool-hook": nugetIndex,
  "dotnet/two-solutions": nugetIndex,
  "dotnet/words": nugetIndex,
};

/** The service index that this machine's own NuGet asks. */
function nugetIndex(): Readonly<Record<string, string>> {
  if (process.env["NUGET_INDEX"] !== undefined) return {};
  const listed = execFileSync("dotnet", ["nuget", "list", "source", "--format", "Short"], { encoding: "utf8" });
  return { NUGET_INDEX: /^E (\S+)$/m.exec(listed)?.[1] ?? "" };
}
