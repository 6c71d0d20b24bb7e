import { SourceUnavailable } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { RevocationQuestion } from "../model/notary.ts";
import type { Host } from "../plugin.ts";

export type RevocationHost = Pick<Host, "request" | "cache" | "offline">;

/**
 * Asks an authority whether it has taken a certificate back. Its answer is signed and says until when it counts, so that
 * it may come over http, and is kept: offline what was answered earlier is taken, as long as it counts.
 * @returns why there is no answer, as a text
 */
export async function askRevocation(
  { url, accept }: RevocationQuestion,
  host: RevocationHost,
): Promise<Buffer | string> {
  const key = `revocation:${url}`;
  if (host.offline) return (await host.cache.get(key)) ?? "offline, and not in the cache";
  try {
    const { status, body } = await host.request(url, {
      maxBytes: LIMITS.revocationBytes,
      timeoutMs: LIMITS.revocationMs,
      to: () => ({ headers: { accept, "user-agent": "safe-install" }, over: {} }),
      mayLead: (_, { protocol }) => protocol === "https:" || protocol === "http:",
      retry: { statuses: () => false, retries: 0, factor: 1, minTimeout: 0, maxTimeout: 0 },
    });
    if (status !== 200) return `answered ${status}`;
    await host.cache.put(key, body);
    return body;
  } catch (error) {
    if (error instanceof SourceUnavailable) return error.reason;
    throw error;
  }
}
