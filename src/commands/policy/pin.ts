import { type AuthorArguments, parseAsked } from "../../author/arguments.ts";
import { draft, type Draft, left } from "../../author/draft.ts";
import { surveyAsked } from "../../author/asked.ts";
import { inRounds, type Round } from "../../author/rounds.ts";
import { type Foundation, shownBeside } from "../../author/foundation.ts";
import { named } from "../../author/named.ts";
import { writeDraft } from "../../author/write.ts";
import { noPolicyTo } from "../../author/words/first-policy.ts";
import { silent } from "../../gate/progress.ts";
import { lineDiff } from "../../author/words/change.ts";
import { terminalProgress } from "../../report/progress.ts";
import { proposal } from "../../author/words/proposal.ts";
import type { Paint } from "../../report/text.ts";
import { recordedText } from "../../author/propose/edit.ts";
import { isKnown, isNeeded, type Standing } from "../../author/propose/standing.ts";
import type { Runtime } from "../../runtime.ts";
import { withHost } from "../with-host.ts";

/**
 * `safe-install policy pin [package...] [--write] [-- npm install left-pad]`: the change that new packages need, as a diff.
 * @returns the exit code
 */
export async function pin(args: readonly string[], runtime: Runtime): Promise<number> {
  const asked = parseAsked(
    args,
    ["lockfile", "trusted-root", "record", "prune", "known", "write", "command"],
    "policy",
  );
  const { options, command } = asked;
  // By digest alone: the word of a registry, too, is somebody's whom the name was not trusted to.
  const searched = { ...asked, record: asked.record || asked.known };
  return withHost(options, runtime, async (host) => {
    const progress = options.quiet ? silent : await terminalProgress(runtime);
    const look = async (): Promise<Round> => {
      const { foundation, found } = await surveyAsked(
        searched,
        { runtime, host, progress },
        requirePolicy(asked, runtime),
      );
      const wanted = asked.words.flatMap((word) =>
        named(
          word,
          found.facts.map(({ artifact }) => artifact),
        ),
      );
      const drafted = draft(foundation, found, {
        ...chosen(asked, asked.words.length === 0 ? null : new Set(wanted.map(({ package: { purl } }) => purl))),
        mode: "enforce",
        prune: asked.prune,
        now: host.now(),
        typed: { command, policy: options.policy },
      });
      const written = asked.write ? await writeDraft(drafted) : [];
      const text = (paint: Paint, columns: number) => textOf(drafted, written, asked.write, paint, columns);
      return { found, drafted, written, text };
    };
    return inRounds({ command: "policy pin", quiet: options.quiet }, look, runtime);
  });
}

/** What `--known` leaves alone is not pinned by its name either. */
function chosen({ known, command }: AuthorArguments, named: ReadonlySet<string> | null) {
  if (known) {
    const isPassing = (one: Standing) => isKnown(one) && named?.has(one.sighting.package.purl) !== false;
    return { named: null, isPassing };
  }
  return command === null ? { named } : { named, isPassing: isNeeded };
}

function textOf(drafted: Draft, written: readonly string[], writes: boolean, paint: Paint, columns: number): string {
  const isLeft = !writes && (drafted.policyText !== null || drafted.recordedText !== null);
  const note = isLeft ? "nothing was written; to apply it: --write\n" : "";
  return `${proposal(drafted, paint, columns)}\n${changes(drafted, paint)}${closing(written, paint)}${note}`;
}

/** The difference that a draft makes to the policy and to the recorded file. */
export function changes(draft: Draft, paint: Paint): string {
  const { foundation, plan, policyText, recordedText: after } = draft;
  const policy = policyText === null ? "" : lineDiff(foundation.text ?? "", policyText, foundation.shown, paint);
  const file = shownBeside(foundation, plan.policy.recorded?.file ?? "");
  const recorded = after === null ? "" : lineDiff(recordedText(foundation.recorded), after, file, paint);
  if (policy + recorded !== "") return policy + recorded;
  return left(draft).length > 0 ? "nothing is pinned in passing\n" : `${paint("green", "✓")} nothing to change\n`;
}

function closing(written: readonly string[], paint: Paint): string {
  return written.length === 0 ? "" : `${paint("green", "✓")} wrote ${written.join(" and ")}\n`;
}

function requirePolicy({ command, options: { policy } }: AuthorArguments, { cwd }: Runtime) {
  return async ({ text, shown }: Foundation): Promise<void> => {
    if (text !== null) return;
    throw await noPolicyTo("pin to", shown, { command, policy }, cwd);
  };
}
