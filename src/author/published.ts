import type { Judge } from "../gate/judge.ts";
import { observer } from "../gate/observe.ts";
import { judgePart } from "../gate/part.ts";
import type { Facts } from "../model/facts.ts";
import type { Ecosystem } from "../model/package.ts";
import type { Verdict } from "../model/verdict.ts";
import type { Host, Part } from "../plugin.ts";
import { isRegistrySignature } from "../policy/predicate.ts";
import { isMaker } from "./propose/sighting.ts";
import { plural } from "../report/text.ts";

/**
 * What nobody claims to have made, with the registry's own signature where there is one. A registry that cannot be asked
 * leaves no doubt about anything: without its word the bytes are recorded, which is more.
 */
export async function withPublished(
  facts: readonly Facts[],
  part: Part,
  { verify, baseline }: { readonly verify: Judge["verify"]; readonly baseline: readonly Ecosystem[] },
  host: Pick<Host, "offline" | "notice">,
): Promise<readonly Facts[]> {
  const unclaimed = new Set(
    facts
      .filter((one) => baseline.includes(one.artifact.package.ecosystem))
      .filter(isUnclaimed)
      .map(({ artifact }) => artifact),
  );
  const wanted = () => ({ evidence: false, baseline: true, signature: false, sources: [] });
  const eyes = observer({ verify, offline: host.offline, wanted, sources: () => [] });
  await judgePart({ ...part, artifacts: [...unclaimed] }, { ...eyes.judge, wanted });
  const said = new Map(eyes.facts().map((one) => [one.artifact, one]));
  const silent = [...said.values()].filter(({ unavailable }) => unavailable.length > 0).length;
  if (silent > 0)
    host.notice(`safe-install: the registry could not be asked for its own signature of ${plural(silent, "package")}`);
  return facts.map((one) => ({ ...one, verdicts: [...one.verdicts, ...(said.get(one.artifact)?.verdicts ?? [])] }));
}

/** Everybody could be asked, and nobody who counts said that he made it. */
function isUnclaimed({ artifact, verdicts, unavailable, faults }: Facts): boolean {
  if (artifact.archive !== undefined) return false;
  const isQuiet = unavailable.length === 0 && faults.length === 0;
  const isSaid = verdicts.some((one) => one.status === "broken" || isVerified(one));
  return isQuiet && !isSaid;
}

/** By a maker, or by the registry that a rule has asked already. */
function isVerified(verdict: Verdict): boolean {
  if (verdict.status !== "verified") return false;
  return isMaker(verdict.attestation) || isRegistrySignature(verdict.attestation);
}
