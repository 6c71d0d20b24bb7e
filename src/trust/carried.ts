import type { HeldTrust, Refreshed } from "../model/trust.ts";
import { type CarriedRepository, servedFrom } from "./bundle.ts";
import { expiryOf, isOlder } from "./held.ts";
import { reasonOf, type TrustHost } from "./refresh.ts";
import type { TrustRepository } from "./repository.ts";
import { heldOf, keepHeld } from "./state.ts";
import { update } from "./update.ts";
import { requireUsable } from "./usable.ts";

/**
 * Takes what a file holds of a repository: by the chain from a root that is held, or (`isVouched`) because somebody gave
 * the file's digest; never where it is older than what is held. Never throws.
 */
export async function takeCarried(
  repository: TrustRepository,
  carried: CarriedRepository,
  isVouched: boolean,
  host: TrustHost,
): Promise<Refreshed> {
  const timestamp = carried.held.metadata["timestamp.json"];
  try {
    const present = await heldOf(repository, host);
    if (present !== null && isOlder(carried.held, present))
      return { reason: "the file is older than what is held here" };
    const found = isVouched ? vouched(repository, carried) : await chained(repository, present, carried, host);
    const held = { ...found, checkedAt: earliest([carried.held.checkedAt, host.now(), expiryOf(found)]) };
    await keepHeld(repository, held, host);
    return { held };
  } catch (error) {
    const reason = reasonOf(error, timestamp, host.now());
    return { reason: isVouched ? reason : `${reason}; --digest takes a file that somebody vouches for` };
  }
}

function vouched(repository: TrustRepository, { held }: CarriedRepository): HeldTrust {
  requireUsable(repository, held.targets);
  return held;
}

async function chained(
  repository: TrustRepository,
  present: HeldTrust | null,
  carried: CarriedRepository,
  host: TrustHost,
): Promise<HeldTrust> {
  const folder = await host.temporary("trust");
  return update(repository, present, { serve: servedFrom(carried, repository), folder, now: host.now() });
}

/**
 * As old as the file says it is, which nobody signed: so no later than now, and than the end of what is signed, after which
 * its mirror cannot have been found to be current.
 */
function earliest(dates: readonly (Date | null)[]): Date {
  const known = dates.flatMap((date) => (date === null || Number.isNaN(date.getTime()) ? [] : [date.getTime()]));
  return new Date(Math.min(...known));
}
