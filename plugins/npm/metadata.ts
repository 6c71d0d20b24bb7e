import { type Artifact, type Host, parseJson, type SelfDescription } from "../../src/plugin.ts";
import { type Registries, registryOf } from "./origin.ts";
import { request } from "./request.ts";

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
    const answer = await request(url, registries, host);
    const { repository } = (parseJson(answer.toString("utf8")) ?? {}) as { readonly repository?: unknown };
    const address =
      typeof repository === "object" && repository !== null && "url" in repository ? repository.url : repository;
    return typeof address === "string" ? { repository: address } : NOTHING;
  } catch {
    return NOTHING;
  }
}

const NOTHING: SelfDescription = { repository: null };
