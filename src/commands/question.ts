import { draft } from "../author/draft.ts";
import { findFoundation } from "../author/foundation.ts";
import { surveySession } from "../author/survey.ts";
import type { ClosableHost } from "../io/host.ts";
import type { Code } from "../model/codes.ts";
import type { Decision } from "../model/decision.ts";
import type { Options } from "../options.ts";
import type { Session } from "../plugin.ts";
import { silent } from "../progress.ts";
import { proposal } from "../report/proposal.ts";
import { paintFor } from "../report/text.ts";
import type { World } from "../world.ts";
import { changes } from "./policy-pin.ts";
import { resolve } from "node:path";

/**
 * Where the policy says nothing about packages: what evidence they have, who signed them, and the exact change of the
 * policy that would let them in. Nothing is written; the answer is a person's.
 */
export async function askAbout(
  session: Session,
  decisions: readonly Decision[],
  options: Options,
  { world, host }: { readonly world: World; readonly host: ClosableHost },
): Promise<void> {
  const named = new Set(decisions.filter(isUnknown).map(({ artifact }) => artifact.package.purl));
  if (named.size === 0 || options.quiet) return;
  const policy = options.policy === null ? null : resolve(world.cwd, options.policy);
  const here = { ...world, cwd: session.project };
  const foundation = await findFoundation({ options: { ...options, policy }, trustedRoots: [] }, here);
  const part = { ...session, artifacts: session.artifacts.filter((one) => named.has(one.package.purl)) };
  const survey = await surveySession(part, foundation, { world: here, host, progress: silent });
  const drafted = draft(foundation, survey, { named, mode: "enforce", now: host.now() });
  const paint = paintFor(world.stderr, world.env);
  const text = `${proposal(drafted, paint, world.stderr.columns)}\n${changes(drafted, paint)}`;
  world.stderr.write(
    `\nno rule covers these; this change would let them in (nothing is written without you):\n${text}`,
  );
}

const UNKNOWN: ReadonlySet<Code> = new Set(["NO_RULE", "NOT_RECORDED"]);

function isUnknown({ outcome, denials }: Decision): boolean {
  return outcome === "denied" && denials.length > 0 && denials.every(({ code }) => UNKNOWN.has(code));
}
