/** How old a root is that was carried here: nobody signed what the file says of that. */
import type { HeldTrust, TrustFolder } from "../../src/model/trust.ts";
import { takeCarried } from "../../src/trust/carried.ts";
import { expiryOf } from "../../src/trust/held.ts";
import { refresh, type TrustHost } from "../../src/trust/refresh.ts";
import { repositoryOf, TRUSTED_ROOT } from "../../src/trust/repository.ts";
import { temporaryFolder } from "../support/folder.ts";
import { testHost } from "../support/npm-session.ts";
import { createInstance } from "../support/sigstore.ts";
import { startTuf } from "../support/tuf.ts";
import { expect, it } from "vitest";

const DAY = 86_400_000;

function runIn(home: string, daysAhead = 0): TrustHost {
  const real = testHost({ home });
  const trust: TrustFolder = { ...real.trust, settings: { refreshes: true, mirrors: {} }, refreshes: new Map() };
  return { ...real, trust, now: () => new Date(Date.now() + daysAhead * DAY) };
}

it.each([true, false])("is no younger than its signed metadata allow (vouched for: %s)", async (isVouched) => {
  const { trustedRoot } = await createInstance({ curve: "P-256" });
  const mirror = await startTuf(
    { [TRUSTED_ROOT]: Buffer.from(JSON.stringify(trustedRoot)) },
    { expires: { timestamp: new Date(Date.now() + 3 * DAY) } },
  );
  const repository = repositoryOf(mirror, "mine");
  const { held } = (await refresh(repository, runIn(temporaryFolder()))) as { readonly held: HeldTrust };
  await mirror.close();
  const take = async (checkedAt: Date, daysAhead: number) => {
    const carried = { name: "mine", mirror: mirror.mirror, held: { ...held, checkedAt } };
    const taken = await takeCarried(repository, carried, isVouched, runIn(temporaryFolder(), daysAhead));
    return "held" in taken ? taken.held.checkedAt : taken.reason;
  };
  const [yesterday, today] = [new Date(Date.now() - DAY), new Date()];
  expect(await take(yesterday, 0)).toEqual(yesterday);
  // A day to come is no day of the file's.
  expect(Number(await take(new Date(Date.now() + DAY), 0)) - Number(today)).toBeLessThan(DAY / 2);
  expect(await take(new Date(Date.now() + 39 * DAY), 40)).toEqual(expiryOf(held));
});
