import { isolated } from "../cli.ts";
import { execa } from "execa";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import type { Outcome } from "../cli.ts";

/** The real SDK; its tests are left out, loudly, where there is none. */
export const hasDotnet = (() => {
  try {
    execFileSync("dotnet", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("There is no .NET SDK on PATH: the tests that restore with the real dotnet are skipped.");
    return false;
  }
})();

/** Nothing of this machine's NuGet takes part: home, packages, caches are the test's own. */
export function dotnetEnvironment(home: string): Record<string, string> {
  return {
    ...isolated(home),
    DOTNET_CLI_HOME: home,
    NUGET_HTTP_CACHE_PATH: join(home, "http-cache"),
    DOTNET_CLI_TELEMETRY_OPTOUT: "1",
    DOTNET_NOLOGO: "1",
    DOTNET_GENERATE_ASPNET_CERTIFICATE: "false",
    DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE: "true",
    DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK: "true",
    // NuGet asks a feed that refuses it six times; the waits between show nothing.
    NUGET_ENHANCED_NETWORK_RETRY_DELAY_MILLISECONDS: "10",
    MSBUILDDISABLENODEREUSE: "1",
    DOTNET_CLI_USE_MSBUILD_SERVER: "0",
  };
}

/** Plain dotnet in the same surroundings, to show what happens without us. */
export async function plainDotnet(
  args: readonly string[],
  options: { readonly cwd: string; readonly home: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Outcome> {
  const { exitCode, stdout, stderr } = await execa("dotnet", args, {
    cwd: options.cwd,
    env: { ...dotnetEnvironment(options.home), ...options.env },
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  return { exit: exitCode ?? -1, stdout, stderr };
}

/** Writes files, with their folders. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** A project of the SDK; `references` are `Id: version`. */
export function csproj(
  references: Readonly<Record<string, string>>,
  properties: Readonly<Record<string, string>> = {},
  more = "",
): string {
  const all = { TargetFramework: "net10.0", NuGetAudit: "false", ...properties };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `<${name}>${value}</${name}>`);
  const items = Object.entries(references).map(
    ([id, version]) => `<PackageReference Include="${id}" ${version === "" ? "" : `Version="${version}" `}/>`,
  );
  return `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>${lines.join("")}</PropertyGroup>
  <ItemGroup>${items.join("")}</ItemGroup>
  ${more}
</Project>
`;
}

/** A NuGet.config with these sources and nothing inherited. */
export function nugetConfig(sources: Readonly<Record<string, string>>, more = ""): string {
  const lines = Object.entries(sources).map(
    ([name, address]) => `<add key="${name}" value="${address}" allowInsecureConnections="true" />`,
  );
  return `<configuration><packageSources><clear />${lines.join("")}</packageSources>${more}</configuration>\n`;
}

/**
 * The real dotnet, after which a shell script runs once the restore of a hand-off has ended: somebody else on the machine,
 * where no target of the project may. In the script `$packages` is the packages folder. @returns PATH
 */
export function pathWithLate(folder: string, script: string): string {
  const [real = ""] = execFileSync("sh", ["-c", "command -v dotnet"], { encoding: "utf8" }).split("\n");
  const bin = join(folder, "late");
  writeFiles(bin, {
    dotnet: `#!/bin/sh
"${real}" "$@"; code=$?
late=
for word; do
  case "$word" in
    */safe-install.proj | -p:RestoreConfigFile=*) late=yes ;;
  esac
done
for packages in "$PWD"/obj/.safe-install/*/packages; do :; done
[ -d "$packages" ] || late=
if [ -n "$late" ]; then
${script}
fi
exit $code
`,
  });
  chmodSync(join(bin, "dotnet"), 0o755);
  return [bin, process.env["PATH"]].join(delimiter);
}
