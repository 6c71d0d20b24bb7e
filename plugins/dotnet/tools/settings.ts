import type { Proven } from "../../../src/plugin.ts";
import { LIMITS, SafeInstallError } from "../../../src/plugin.ts";
import type { PackageSet, WantedPackage } from "../resolve/lock.ts";
import { packageKey, refOf } from "../names.ts";
import { attribute, children, localName, parseRoot, type XmlElement, XmlFault } from "../xml.ts";
import { dataOf, readZip, ZipFault } from "../zip.ts";

const SETTINGS = /^tools\/[^/]+\/[^/]+\/DotnetToolSettings\.xml$/i;

/**
 * The packages that hold a tool for one platform, which dotnet fetches after the tool's own (learn.microsoft.com, "RID-specific
 * tools"). Read from proven bytes only. `rids`: those of this machine, the nearest first.
 */
export async function platformPackages(
  tools: readonly Proven[],
  rids: () => Promise<readonly string[]>,
): Promise<PackageSet> {
  const wanted = new Map<string, WantedPackage>();
  for (const { artifact, bytes } of tools) {
    const { name, version } = artifact.package;
    const offered = offersIn(await bytes.read(), name);
    if (offered.size === 0) continue;
    const rid = (await rids()).find((one) => offered.has(one));
    if (rid === undefined) continue;
    const ref = refOf(offered.get(rid) ?? "", version);
    if (ref === null)
      throw new SafeInstallError("unbound", "TOOLS_INVALID", `${name} names a package for ${rid} that cannot be one`);
    wanted.set(packageKey(ref), { package: ref, stated: [], locations: artifact.locations });
  }
  return { wanted, unbound: [], notGated: [] };
}

/** Runtime identifier to package id; empty for a tool that is the same everywhere. */
function offersIn(content: Buffer, tool: string): ReadonlyMap<string, string> {
  const packages = settingsIn(content, tool).flatMap((root) =>
    children(root, "RuntimeIdentifierPackages").flatMap((one) => children(one)),
  );
  return new Map(
    packages
      .filter((one) => localName(one) === "RuntimeIdentifierPackage")
      .map((one) => [attribute(one, "RuntimeIdentifier") ?? "", attribute(one, "Id") ?? ""] as const),
  );
}

function settingsIn(content: Buffer, tool: string): readonly XmlElement[] {
  try {
    const files = readZip(content).entries.filter(({ name }) => SETTINGS.test(name));
    return files.map((entry) => parseRoot(dataOf(entry, content, LIMITS.manifestBytes).toString("utf8")));
  } catch (error) {
    if (!(error instanceof XmlFault || error instanceof ZipFault)) throw error;
    throw new SafeInstallError(
      "unbound",
      "TOOLS_INVALID",
      `the settings of the tool ${tool} cannot be read: ${error.message}`,
    );
  }
}
