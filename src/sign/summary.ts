import { SafeInstallError } from "../errors.ts";
import { parseJsonOr } from "../json.ts";
import { type Digest, formatDigest, parseDigest } from "../model/digest.ts";
import type { Predicate } from "./statement.ts";

const VSA = "https://slsa.dev/verification_summary/v1";

/** What a report of `check` says of a file that was built. */
export interface SummedUp {
  readonly purl: string;
  /** By which it was judged, outermost first. */
  readonly policies: readonly { readonly name: string; readonly digest: string }[];
  /** Of the bundles that held. */
  readonly bundles: readonly Digest[];
  /** When, in the report's own words (it may speak as of another day). */
  readonly time: string;
}

/** The members of a report (`report.schema.json`) that are read here. */
interface ReportRead {
  readonly command?: unknown;
  readonly time?: string;
  readonly projects?: readonly {
    readonly policies: SummedUp["policies"];
    readonly packages: readonly {
      readonly purl: string;
      readonly outcome: string;
      readonly ground: string;
      readonly built?: readonly string[];
      readonly evidence: readonly { readonly status: string; readonly bundle?: string }[];
    }[];
  }[];
}

/**
 * Finds a file, by its digest, in a report of `check` over what was built.
 * @throws SafeInstallError NOT_SUMMED_UP: it is not in there, or was not allowed by a signature
 */
export function summedUp(text: string, reportFile: string, file: string, digests: readonly Digest[]): SummedUp {
  const { command, time = "", projects = [] } = reportIn(text, reportFile);
  const own = new Set(digests.map(formatDigest));
  const judged = (command === "check" ? projects : []).flatMap(({ policies, packages }) =>
    packages
      .filter(({ built = [] }) => built.length > 0 && built.every((one) => own.has(one)))
      .map((found) => ({ found, policies })),
  );
  // Under another name, or in another project, the same bytes may have been refused.
  for (const { found } of judged)
    if (found.outcome !== "allowed" || found.ground !== "signed")
      throw refused(
        `${reportFile} says of ${file} that it is ${found.outcome} (${found.ground}), not allowed by a signature`,
      );
  const [first] = judged;
  if (first === undefined || Number.isNaN(Date.parse(time)))
    throw refused(`${reportFile} does not say that ${file} was judged`);
  const held = first.found.evidence.filter(({ status }) => status === "verified");
  const bundles = held.flatMap(({ bundle }) => parseDigest(bundle ?? "") ?? []);
  return { purl: first.found.purl, policies: first.policies, bundles, time };
}

interface Summary extends SummedUp {
  /** Who verified: a URI. */
  readonly verifier: string;
  readonly tool: string;
  /** What the rule of the policy asked for; null: no level. */
  readonly buildLevel: number | null;
}

/** A verification summary (slsa.dev/spec/v1.0/verification_summary). */
export function summaryOf({ purl, policies, bundles, time, verifier, tool, buildLevel }: Summary): Predicate {
  const [policy] = policies;
  const level = buildLevel === null ? "SLSA_BUILD_LEVEL_UNEVALUATED" : `SLSA_BUILD_LEVEL_${buildLevel}`;
  const value = {
    verifier: { id: verifier, version: { "safe-install": tool } },
    timeVerified: new Date(time).toISOString(),
    resourceUri: purl,
    policy: { uri: policy?.name, digest: { sha256: policy?.digest.replace("sha256:", "") } },
    inputAttestations: bundles.map(({ algorithm, hex }) => ({ digest: { [algorithm]: hex } })),
    verificationResult: "PASSED",
    verifiedLevels: [level],
    slsaVersion: "1.0",
  };
  return { type: VSA, value };
}

function reportIn(text: string, file: string): ReportRead {
  const found = parseJsonOr(text, () => null);
  if (typeof found === "object" && found !== null) return found;
  throw refused(`${file} is no report in JSON`);
}

function refused(message: string): SafeInstallError {
  return new SafeInstallError("usage", "NOT_SUMMED_UP", message, {
    hint: "judge what was built first: safe-install check dist --report json=report.json",
  });
}
