import { parseAsked } from "../author/arguments.ts";
import { draft, type Draft, isEmpty } from "../author/draft.ts";
import { surveyAsked } from "../author/asked.ts";
import { inRounds, type Round } from "../author/rounds.ts";
import { writeDraft } from "../author/write.ts";
import { silent } from "../gate/progress.ts";
import { terminalProgress } from "../report/progress.ts";
import { silence } from "../author/words/left-open.ts";
import { proposal } from "../author/words/proposal.ts";
import { type Paint, plural } from "../report/text.ts";
import type { Runtime } from "../runtime.ts";
import { withHost } from "./with-host.ts";

/**
 * `safe-install init [lockfile...] [-- npm install left-pad]`: writes a first policy from the evidence that is there.
 * @returns the exit code
 */
export async function init(args: readonly string[], runtime: Runtime): Promise<number> {
  const { words, ...asked } = parseAsked(args, ["lockfile", "trusted-root", "record", "command"], "init");
  const { options } = asked;
  return withHost(options, runtime, async (host) => {
    const progress = options.quiet ? silent : await terminalProgress(runtime);
    const lockfiles = [...words, ...asked.lockfiles];
    const look = async (): Promise<Round> => {
      const { foundation, found } = await surveyAsked({ ...asked, lockfiles }, { runtime, host, progress });
      const drafted = draft(foundation, found, {
        named: null,
        mode: options.mode ?? "enforce",
        now: host.now(),
        lists: asked.record,
      });
      const written = isEmpty(drafted) ? [] : await writeDraft(drafted);
      return { found, drafted, written, text: textOf(drafted, written, options.mode) };
    };
    return inRounds({ command: "init", quiet: options.quiet }, look, runtime);
  });
}

function textOf(drafted: Draft, written: readonly string[], mode: "audit" | "enforce" | null) {
  return (paint: Paint, columns: number) =>
    isEmpty(drafted)
      ? nothingWritten(drafted, paint)
      : `${proposal(drafted, paint, columns)}${closing(drafted, written, paint)}${modeNote(drafted, mode)}`;
}

/** A mode that somebody chose is not changed in passing. */
function modeNote({ foundation: { text, policy, shown } }: Draft, wanted: "audit" | "enforce" | null): string {
  const { mode = "enforce" } = policy;
  if (text === null || wanted === null || wanted === mode) return "";
  return `  the mode of ${shown} stays "${mode}": --${wanted} is for a first policy; change it there\n`;
}

/** One line instead of one for each package. */
function nothingWritten(drafted: Draft, paint: Paint): string {
  const count = drafted.standings.length + drafted.survey.unbound.length;
  return `${paint("red", "✗")} wrote nothing, since nothing could be found out of ${plural(count, "package")}: ${silence(drafted)}\n`;
}

function closing(drafted: Draft, written: readonly string[], paint: Paint): string {
  const { foundation, plan } = drafted;
  if (written.length === 0) return `${paint("green", "✓")} nothing to change in ${foundation.shown}\n`;
  const { signers = {}, rules = [] } = plan.policy;
  const size = `${plural(Object.keys(signers).length, "signer")}, ${plural(rules.length, "rule")}, ${plan.recorded.size} recorded`;
  return [
    `${paint("green", "✓")} wrote ${written.join(" and ")}`,
    `  ${size}`,
    "  read them and commit them; next: safe-install check, safe-install policy lint",
    "",
  ].join("\n");
}
