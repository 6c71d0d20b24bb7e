import type { Facts } from "../model/facts.ts";
import type { Judge } from "./judge.ts";
import type { Denial } from "../model/codes.ts";
import type { Decision } from "../model/decision.ts";
import type { Ecosystem } from "../model/package.ts";
import type { Source } from "../model/wanted.ts";
import { isPipeline } from "../author/propose/sighting.ts";

/** A judge that asks every source for everything, decides nothing and remembers what it was told. */
interface Observer {
  readonly judge: Judge;
  /** The facts of every artifact that was judged so far. */
  facts(): readonly Facts[];
}

interface Eyes {
  readonly verify: (...of: Parameters<Judge["verify"]>) => ReturnType<Judge["verify"]>;
  readonly offline: boolean;
  /** What the policies ask for: asked in the same way and order, so that what they let in is seen to be let in. */
  readonly wanted: Judge["wanted"];
  /** Absent: what the lock states is enough. */
  readonly compares?: Judge["compares"];
  /** Further places, for packages of which no policy asks who made them. */
  readonly sources: (ecosystem: Ecosystem) => readonly Source[];
}

/** The gate's own way to collect and verify, without its policy. Nothing that it lets through is handed off. */
export function observer({ verify, offline, wanted, compares = () => [], sources }: Eyes): Observer {
  const seen = new Map<Facts["artifact"], Facts>();
  const judge: Judge = {
    wantsBytes: false,
    offline,
    wanted: (artifact) => {
      const asked = wanted(artifact);
      if (artifact.archive !== undefined) return asked;
      const places = asked.evidence ? asked.sources : sources(artifact.package.ecosystem);
      return { ...asked, evidence: true, signature: true, sources: places };
    },
    compares,
    verify,
    decide: (facts) => {
      seen.set(facts.artifact, facts);
      return undecided(facts);
    },
  };
  return { judge, facts: () => [...seen.values()] };
}

/** "allowed" ends the search: somebody was found who says that he made it. "denied": its bytes are nothing that could be handed back. */
function undecided({ artifact, verdicts, unavailable, faults }: Facts): Decision {
  const about = { artifact, verdicts, unavailable };
  if (faults.length > 0) return { ...about, outcome: "denied", layers: [], denials: faults };
  const broken = verdicts.some(({ status }) => status === "broken");
  const isMade = verdicts.some((verdict) => verdict.status === "verified" && isPipeline(verdict.attestation));
  if (isMade && !broken) return { ...about, outcome: "allowed", layers: [], denials: [] };
  const denial: Denial = { code: "NO_EVIDENCE", message: "nobody says who made it", details: [] };
  return { ...about, outcome: "audited", layers: [], denials: [denial] };
}
