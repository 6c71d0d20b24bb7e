import { draft } from "./draft.ts";
import { foundationOf } from "./foundation.ts";
import { joined, type Survey, surveyPart } from "./survey.ts";
import type { Gated } from "../gate/gate.ts";
import type { ClosableHost } from "../io/host.ts";
import type { Code } from "../model/codes.ts";
import type { Decision } from "../model/decision.ts";
import type { PackageRef } from "../model/package.ts";
import type { InstallCommand } from "../options.ts";
import type { Part } from "../plugin.ts";
import { nameKey } from "./propose/plan.ts";
import { isNeeded } from "./propose/standing.ts";
import { silent } from "../gate/progress.ts";
import { proposal } from "./words/proposal.ts";
import { pinCommand } from "./words/change.ts";
import { forScreen, paintFor } from "../report/text.ts";
import type { Runtime } from "../runtime.ts";
import { changes } from "../commands/policy/pin.ts";

/**
 * Where the policy says nothing about packages: what evidence they have, who signed them, the exact change of the policy
 * that would let them in, and the command that makes it. Nothing is written; the answer is a person's.
 */
export async function askAbout(
  { opened: { project }, parts }: Pick<Gated, "opened" | "parts">,
  { program, args, options }: Pick<InstallCommand, "program" | "args" | "options">,
  { runtime, host }: { readonly runtime: Runtime; readonly host: ClosableHost },
): Promise<void> {
  const decisions = parts.flatMap((one) => one.decisions);
  const unknown = decisions.filter(isUnknown).map(({ artifact }) => artifact.package);
  if (unknown.length === 0 || options.quiet) return;
  const foundation = await foundationOf(project.folder, { options, trustedRoots: [] }, runtime);
  const means = { runtime: { ...runtime, cwd: project.folder }, host, progress: silent };
  const found: Survey[] = [];
  for (const { part } of parts) found.push(await surveyPart(await around(unknown, part), foundation, means));
  const survey = joined(found);
  const typed = { command: [...program, ...args], policy: options.policy };
  const drafted = draft(foundation, survey, {
    named: null,
    isPassing: isNeeded,
    mode: "enforce",
    now: host.now(),
    typed,
  });
  const paint = paintFor(runtime.stderr, runtime.env);
  const text = `${proposal(drafted, paint, runtime.stderr.columns)}\n${changes(drafted, paint)}`;
  const isAnswer = drafted.policyText !== null || drafted.recordedText !== null;
  const heading = isAnswer ? "; this change would let them in (nothing is written without you)" : "";
  const answer = isAnswer ? `to write it: ${pinCommand([], typed)}\n` : "";
  runtime.stderr.write(forScreen(`\n${saidOf(decisions)}${heading}:\n${text}${answer}`, runtime.stderr));
}

const UNKNOWN: ReadonlySet<Code> = new Set(["NO_RULE", "NOT_RECORDED"]);

function isUnknown({ outcome, denials }: Decision): boolean {
  return outcome !== "allowed" && denials.length > 0 && denials.every(({ code }) => UNKNOWN.has(code));
}

function saidOf(decisions: readonly Decision[]): string {
  const codes = new Set(decisions.filter(isUnknown).flatMap(({ denials }) => denials.map(({ code }) => code)));
  if (codes.size > 1) return "no rule covers these, or they are not recorded";
  return codes.has("NO_RULE") ? "no rule covers these" : "these versions are not recorded";
}

/** The packages in question, all versions of them (they share rules), and what other machines would install besides. */
async function around(unknown: readonly PackageRef[], part: Part): Promise<Part> {
  const all = (await part.everywhere?.()) ?? part;
  const names = new Set(unknown.map(nameKey));
  const here = new Set(part.artifacts.map(({ package: { purl } }) => purl));
  const isMeant = ({ package: ref }: { readonly package: PackageRef }) =>
    names.has(nameKey(ref)) || !here.has(ref.purl);
  return { ...all, unbound: part.unbound, artifacts: all.artifacts.filter(isMeant) };
}
