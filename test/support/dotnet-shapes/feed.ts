/** The machine's own NuGet feed through a proxy that keeps its answers: packages and the versions that there are, nothing else. */
import { type RegistryProxy, startProxyOf } from "../public-locks/proxy.ts";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export interface FeedProxy extends Omit<RegistryProxy, "text"> {
  /** Of its service index. */
  readonly index: string;
  /** Lower case, ascending as the feed lists them; none where it has no such package. */
  versions(id: string): Promise<readonly string[]>;
  /** The text of its nuspec. */
  nuspec(id: string, version: string): Promise<string>;
}

const FLAT = "PackageBaseAddress/3.0.0";

export async function startFeedProxy(folder: string): Promise<FeedProxy> {
  const [, address = ""] =
    /value="(https?:[^"]*)"/.exec(readFileSync(join(homedir(), ".nuget", "NuGet", "NuGet.Config"), "utf8")) ?? [];
  const { resources } = (await (await fetch(address)).json()) as {
    readonly resources: readonly { readonly "@id": string; readonly "@type": string }[];
  };
  const flat = resources.find((one) => one["@type"] === FLAT)?.["@id"] ?? "";
  const proxy = await startProxyOf(flat.replace(/\/$/, ""), folder, (at) => ({ [INDEX]: indexOf(at, others) }));
  const others = resources.filter((one) => one["@type"].startsWith("RegistrationsBaseUrl"));
  return { ...proxy, index: `${proxy.url.replace(/\/$/, "")}${INDEX}`, versions, nuspec };

  async function nuspec(id: string, version: string): Promise<string> {
    const [name, exact] = [id.toLowerCase(), version.toLowerCase()];
    return (await proxy.text(`/${name}/${exact}/${name}.nuspec`)) ?? "";
  }

  async function versions(id: string): Promise<readonly string[]> {
    const text = await proxy.text(`/${id.toLowerCase()}/index.json`);
    return text === null ? [] : (JSON.parse(text) as { readonly versions: readonly string[] }).versions;
  }
}

const INDEX = "/v3/index.json";

/** What only `dotnet tool restore` asks for is the feed's own. */
function indexOf(address: string, others: readonly object[]): string {
  return JSON.stringify({ version: "3.0.0", resources: [{ "@id": `${address}/`, "@type": FLAT }, ...others] });
}
