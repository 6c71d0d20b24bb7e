import { LIMITS } from "../limits.ts";
import type { Host } from "../host.ts";
import type { HeldTrust } from "../model/trust.ts";
import { decodeHeld, encodeHeld, isOlder } from "./held.ts";
import type { TrustRepository } from "./repository.ts";

/** What the state folder holds of a repository. Damaged files count as none: the next refresh makes them anew. */
export async function heldOf(
  { key }: Pick<TrustRepository, "key">,
  { trust }: Pick<Host, "trust">,
): Promise<HeldTrust | null> {
  const file = await trust.get(key);
  return file === null ? null : decodeHeld(file);
}

/** Ten runs may do so at once: what is older never takes the place of what is newer. */
export async function keepHeld({ key }: TrustRepository, found: HeldTrust, host: Pick<Host, "trust">): Promise<void> {
  const present = await heldOf({ key }, host);
  if (present !== null && isOlder(found, present)) return;
  await host.trust.put(key, encodeHeld(found));
}

/** Whether it is time to ask again: a day after the last attempt, however that went. */
export async function isDue({ key }: TrustRepository, host: Pick<Host, "trust" | "now">): Promise<boolean> {
  const since = host.now().getTime() - (await triedAt({ key }, host));
  // An attempt of the future was made by another clock.
  return Number.isNaN(since) || since < 0 || since >= LIMITS.trustRefreshMs;
}

/** Whether the last attempt was within the hour and led to nothing: where nobody answers, each run would wait as long. */
export async function wasInVain(
  repository: Pick<TrustRepository, "key">,
  held: HeldTrust | null,
  host: Pick<Host, "trust" | "now">,
): Promise<boolean> {
  const tried = await triedAt(repository, host);
  const since = host.now().getTime() - tried;
  return since >= 0 && since < LIMITS.trustFreshMs && tried > (held?.checkedAt.getTime() ?? 0);
}

/** In milliseconds; NaN: never. */
async function triedAt({ key }: Pick<TrustRepository, "key">, { trust }: Pick<Host, "trust">): Promise<number> {
  return new Date((await trust.get(`${key}.tried`))?.toString("utf8") ?? Number.NaN).getTime();
}

export async function markTried({ key }: TrustRepository, host: Pick<Host, "trust" | "now">): Promise<void> {
  await host.trust.put(`${key}.tried`, Buffer.from(host.now().toISOString()));
}
