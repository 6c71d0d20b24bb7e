import type { ClosableHost } from "../../io/host.ts";
import { LIMITS } from "../../limits.ts";
import type { Layer } from "../../policy/layer.ts";
import { matchRule } from "../../policy/match.ts";
import type { Predicate } from "../../sign/statement.ts";
import { summaryOf, summedUp, type SummedUp } from "../../sign/summary.ts";
import { toolVersion } from "../../version.ts";
import { required } from "../verify/expected.ts";
import { layersAtHand } from "./at-hand.ts";
import type { SignArguments } from "./arguments.ts";
import type { FileRead } from "./files.ts";

type SummaryAsked = Extract<SignArguments["what"], { readonly kind: "summary" }>;

/** That each file was judged, and let through, by the report of a `check`. @throws SafeInstallError NOT_SUMMED_UP */
export async function summariesOf(
  { report, verifier, policy }: SummaryAsked,
  read: readonly FileRead[],
  cwd: string,
  host: ClosableHost,
): Promise<readonly Predicate[]> {
  const text = (await required(report, LIMITS.evidenceIndexBytes, { cwd, host })).toString("utf8");
  const layers = (await layersAtHand(policy, cwd))?.layers ?? [];
  const tool = await toolVersion();
  return read.map((one) => {
    const found = summedUp(text, report, one.file, one.digests);
    return summaryOf({ ...found, verifier, tool, buildLevel: levelAsked(one, found, layers) });
  });
}

/** What the rule asked for, where the policy that judged is the one that is here: then it was met. */
function levelAsked({ built }: FileRead, { policies: [first] }: SummedUp, layers: readonly Layer[]): number | null {
  const layer = layers.find(({ digest }) => `sha256:${digest}` === first?.digest);
  if (layer === undefined || built === null) return null;
  const match = matchRule(layer.policy, built.package);
  return match.kind === "rule" ? (match.rule.slsa?.buildLevel ?? null) : null;
}
