import type { Artifact, Host, SelfDescription } from "../../src/plugin.ts";
import { requestOptions } from "./download.ts";
import { type Registries, registryOf } from "./origin.ts";
import fetch from "npm-registry-fetch";

/**
 * What the registry's metadata of one version (`GET {registry}/NAME/VERSION`) say of the package's repository.
 * Unsigned, so that a missing or wrong answer costs a question only.
 */
export async function describePackage(
  { package: { name, version } }: Artifact,
  registries: Registries,
  host: Host,
): Promise<SelfDescription> {
  if (host.offline) return NOTHING;
  try {
    const url = `${registryOf(name, registries)}${name.replace("/", "%2f")}/${encodeURIComponent(version)}`;
    const manifest = (await fetch.json(url, requestOptions(registries, host))) as { readonly repository?: unknown };
    const { repository } = manifest;
    const address =
      typeof repository === "object" && repository !== null && "url" in repository ? repository.url : repository;
    return typeof address === "string" ? { repository: address } : NOTHING;
  } catch {
    return NOTHING;
  }
}

const NOTHING: SelfDescription = { repository: null };
