import { parseAsked } from "../author/arguments.ts";
import { draft, type Draft } from "../author/draft.ts";
import { exitOfDraft, isEmpty } from "../author/draft.ts";
import { surveyAsked } from "../author/asked.ts";
import { goesOn } from "../author/goes-on.ts";
import { writeDraft } from "../author/write.ts";
import { silent } from "../gate/progress.ts";
import { terminalProgress } from "../report/progress.ts";
import { proposal } from "../author/words/proposal.ts";
import { type Paint, paintFor, plural } from "../report/text.ts";
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
    const paint = paintFor(runtime.stdout, runtime.env);
    // What is written lets a part through that more comes behind: until nothing new does.
    for (;;) {
      const { foundation, found } = await surveyAsked({ ...asked, lockfiles }, { runtime, host, progress });
      const drafted = draft(foundation, found, {
        named: null,
        mode: options.mode ?? "enforce",
        now: host.now(),
        lists: asked.record,
      });
      const written = isEmpty(drafted) ? [] : await writeDraft(drafted);
      if (!options.quiet)
        runtime.stdout.write(
          `${proposal(drafted, paint, runtime.stdout.columns)}${closing(drafted, written, paint)}${modeNote(drafted, options.mode)}`,
        );
      if (!goesOn(found, written, runtime)) return exitOfDraft(drafted);
    }
  });
}

/** A mode that somebody chose is not changed in passing. */
function modeNote({ foundation: { text, policy, shown } }: Draft, wanted: "audit" | "enforce" | null): string {
  const { mode = "enforce" } = policy;
  if (text === null || wanted === null || wanted === mode) return "";
  return `  the mode of ${shown} stays "${mode}": --${wanted} is for a first policy; change it there\n`;
}

function closing(drafted: Draft, written: readonly string[], paint: Paint): string {
  const { foundation, plan } = drafted;
  if (isEmpty(drafted))
    return `${paint("yellow", "!")} wrote nothing: nothing could be found out of any package; run it again when its registry answers\n`;
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
