/** The registry's own process, so that it shares no event loop with what is measured. Started by `registry.ts`. */
import { type RecordedRequest, startRegistry } from "../support/registry.ts";
import { createInstance } from "../support/sigstore.ts";
import { signedPackages } from "./packages.ts";
import type { Ready, Requests, RemoteSettings } from "./registry.ts";
import process from "node:process";

process.once("message", (settings: RemoteSettings) => void serve(settings));

async function serve({ count, latencyMs }: RemoteSettings): Promise<void> {
  const instance = await createInstance();
  const packages = await signedPackages(instance, count);
  const registry = await startRegistry({ packages, latencyMs });
  const locked = packages.map(({ name, version, dependencies = {} }) => {
    const { integrity, resolved } = registry.tarballOf(name, version);
    return { name, version, dependencies, integrity, resolved };
  });
  let seen = 0;
  process.on("message", () => {
    const requests = registry.requests.slice(seen);
    seen = registry.requests.length;
    process.send?.(countKinds(requests));
  });
  process.on("disconnect", () => void registry.close());
  process.send?.({ url: registry.url, trustedRoot: instance.trustedRoot, locked } satisfies Ready);
}

function countKinds(requests: readonly RecordedRequest[]): Requests {
  const counts = { tarballs: 0, attestations: 0, others: 0 };
  for (const { url } of requests) {
    if (url.includes("/-/npm/v1/attestations/")) counts.attestations++;
    else if (url.endsWith(".tgz")) counts.tarballs++;
    else counts.others++;
  }
  return counts;
}
