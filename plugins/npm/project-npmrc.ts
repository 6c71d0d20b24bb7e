import { SafeInstallError } from "../../src/plugin.ts";
import type { NpmConfig } from "./config.ts";

/**
 * A `.npmrc` in the project may come with a stranger's clone: it may name registries and hold tokens of its own, but not
 * turn the user's connections elsewhere, nor send the user's environment to an origin that only it names.
 * @throws SafeInstallError PROJECT_NPMRC, before anything is asked of the network.
 */
export function refuseProjectNpmrc(config: NpmConfig, admitted: readonly string[]): void {
  const known = new Set([...admitted.map(hostOf), ...config.ownHosts.map(hostOf)]);
  for (const [key, value] of Object.entries(config.projectNpmrc)) {
    const why = TRANSPORT.test(key) ? "turns connections elsewhere" : leakOf(key, value, known);
    if (why !== null) throw refusal(key, why);
  }
}

/** npm's options that decide where a connection goes, whom it believes, and what it proves of the user. */
const TRANSPORT =
  /^(?:proxy|https?-proxy|noproxy|no-proxy|strict-ssl|ca|ca\[\]|cafile|cert|key|local-address|userconfig|globalconfig|\/\/.*:(?:certfile|keyfile))$/i;

/** npm's options that are headers of its requests, or a part of one. */
const HEADERS = /^(?:user-agent|ci-name|otp|scope)$/i;

const EXPANSION = /\$\{[^}]+\}/;

/** `${VARIABLE}` in a place that travels: an address; or a credential for a host that only this file knows. */
function leakOf(key: string, value: unknown, known: ReadonlySet<string>): string | null {
  const text = [value].flat().map(String).join(" ");
  if (!EXPANSION.test(`${key} ${text}`)) return null;
  if (key === "registry" || key.endsWith(":registry")) return "would send your environment as part of an address";
  if (HEADERS.test(key)) return "would send your environment with every request";
  if (!key.startsWith("//")) return null;
  if (EXPANSION.test(key)) return "would send your environment as part of an address";
  return known.has(hostOf(key)) ? null : "would send your environment to an origin that only this file names";
}

/** `host:port` of a registry URL or of a key `//host:port/path/:_authToken`. */
function hostOf(address: string): string {
  const url = address.startsWith("//") ? `https:${address.replace(/:_?[A-Za-z]+$/, "")}` : address;
  return URL.canParse(url) ? new URL(url).host : "";
}

function refusal(key: string, why: string): SafeInstallError {
  return new SafeInstallError("usage", "PROJECT_NPMRC", `the project's .npmrc: ${key} ${why}`, {
    hint: 'put it into your own ~/.npmrc; or name the registry\'s origin in the policy: "registries": { "npm": [...] }',
  });
}
