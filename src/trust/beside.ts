import type { Host } from "../host.ts";
import { startDeadline } from "../io/deadline.ts";
import { LIMITS } from "../limits.ts";
import type { Refreshed } from "../model/trust.ts";

/** Waits a moment for refreshes that began beside the run; what comes of them counts from the next run on. Never throws. */
export async function endRefreshes({
  trust,
  signal,
  notice,
}: Pick<Host, "trust" | "signal" | "notice">): Promise<void> {
  const under = [...trust.refreshes.values()];
  if (under.length === 0) return;
  const grace = startDeadline(LIMITS.trustGraceMs, signal);
  const isUp = new Promise<"up">((resolve) => {
    grace.signal.addEventListener("abort", () => resolve("up"), { once: true });
    if (grace.signal.aborted) resolve("up");
  });
  const ended = await Promise.race([Promise.all(under), isUp]);
  grace.end();
  if (ended !== "up") for (const one of ended) sayFailure(one, notice);
}

function sayFailure(refreshed: Refreshed, notice: (text: string) => void): void {
  if ("reason" in refreshed && refreshed.quiet === undefined)
    notice(`safe-install: ${nameOf(refreshed)} was not refreshed: ${refreshed.reason}`);
}

function nameOf({ stands }: Exclude<Refreshed, { readonly held: unknown }>): string {
  return stands === undefined ? "a trust root" : `the trust root ${stands.name} (${stands.age ?? "never fetched"})`;
}
