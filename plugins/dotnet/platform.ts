import { SafeInstallError } from "../../src/plugin.ts";
import { type Dotnet, environment } from "./run.ts";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** `--arch` and `--os`: a part of a runtime identifier. */
export interface Platform {
  readonly arch?: string;
  readonly os?: string;
}

/** The words that `--arch` and `--os` stand for: what was not said is the SDK's own (dotnet/sdk, CommonOptions). */
export async function runtimeWords(dotnet: Dotnet, platform: Platform): Promise<readonly string[]> {
  if (platform.arch === undefined && platform.os === undefined) return [];
  const [own = ""] = await ridChain(dotnet);
  const dash = own.lastIndexOf("-");
  const { os = own.slice(0, dash), arch = own.slice(dash + 1) } = platform;
  return [`-p:RuntimeIdentifier=${os}-${arch === "amd64" ? "x64" : arch}`];
}

/** The runtime identifiers that this SDK's own machine can use, the nearest first: `linux-x64`, `linux`, ..., `any`. */
export async function ridChain(dotnet: Dotnet): Promise<readonly string[]> {
  const { file, cwd, host, home } = dotnet;
  const log = join(await host.temporary("dotnet-version"), "version.txt");
  const code = await host.run({
    file,
    args: ["--version"],
    cwd,
    env: await environment(dotnet, join(home, "none")),
    log,
  });
  const version = code === 0 ? (await readFile(log, "utf8")).trim() : "";
  const chain = join(dirname(file), "sdk", version, "NETCoreSdkRuntimeIdentifierChain.txt");
  const text = version === "" ? null : await host.read(chain, { maxBytes: 100_000 });
  if (text !== null) return text.toString("utf8").split(/\s+/).filter(Boolean);
  throw new SafeInstallError("unavailable", "DOTNET_FAILED", "the SDK does not say which platform it is for", {
    hint: "use --runtime with a whole identifier, for instance linux-x64",
  });
}
