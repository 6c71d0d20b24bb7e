import { proxiesOf, proxyFor } from "./connections.ts";
import { LIMITS } from "../../limits.ts";
import { Resolver } from "node:dns";
import { isIP } from "node:net";

interface Asking {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Whose; absent: the system's. As `dns.Resolver.setServers` takes them. */
  readonly servers?: readonly string[];
}

/**
 * Whether a name server knows the host of an address, soon. The system's own look-up cannot be given up: where no name server
 * answers, it holds the end of the process for half a minute. Addresses by number and through a proxy need none. Never throws.
 */
export function canLookUp(address: string, { env, signal, servers }: Asking): Promise<boolean> {
  const place = new URL(address);
  const host = place.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 || host === "localhost" || isThroughProxy(place, env)) return Promise.resolve(true);
  if (signal.aborted) return Promise.resolve(false);
  const resolver = new Resolver({ timeout: LIMITS.trustNameMs, tries: 1 });
  if (servers !== undefined) resolver.setServers(servers);
  return new Promise((resolve) => {
    const end = (found: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", give);
      resolve(found);
      resolver.cancel();
    };
    const give = () => end(false);
    const timer = setTimeout(give, LIMITS.trustNameMs);
    signal.addEventListener("abort", give, { once: true });
    let left = 2;
    const heard = (error: Error | null) => {
      left--;
      if (error === null || left === 0) end(error === null);
    };
    resolver.resolve4(host, heard);
    resolver.resolve6(host, heard);
  });
}

function isThroughProxy(place: URL, env: Asking["env"]): boolean {
  try {
    return proxyFor(place, proxiesOf(env)) !== null;
  } catch {
    return true;
  }
}
