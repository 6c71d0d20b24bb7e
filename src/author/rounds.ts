import { answer } from "../report/answer.ts";
import type { Paint } from "../report/text.ts";
import type { Runtime } from "../runtime.ts";
import { type Draft, exitOfDraft } from "./draft.ts";
import { goesOn } from "./goes-on.ts";
import type { Survey } from "./survey.ts";
import { draftJson } from "./words/draft-json.ts";
import { leftOpen } from "./words/left-open.ts";

/** One look at what is there, and what came of it. */
export interface Round {
  readonly found: Pick<Survey, "isWhole" | "wouldRun">;
  readonly drafted: Draft;
  /** For people. */
  readonly written: readonly string[];
  readonly text: (paint: Paint, columns: number) => string;
}

interface Answering {
  /** As it is typed. */
  readonly command: string;
  /** Only what stays outside is said. */
  readonly quiet: boolean;
}

/**
 * Looks again as long as something new is written: it lets a part through that more comes behind. People read each round as
 * it comes, a program one object over all of them. @returns the exit code of the last
 */
export async function inRounds(
  { command, quiet }: Answering,
  look: () => Promise<Round>,
  runtime: Runtime,
): Promise<number> {
  const rounds: Round[] = [];
  for (;;) {
    const round = await look();
    rounds.push(round);
    const exit = exitOfDraft(round.drafted);
    const said = { text: quiet ? onlyLeft(round.drafted) : round.text, json: () => draftJson(rounds) };
    if (runtime.json !== true) answer(command, exit, said, runtime);
    if (goesOn(round.found, round.written, runtime)) continue;
    return runtime.json === true ? answer(command, exit, said, runtime) : exit;
  }
}

function onlyLeft(drafted: Draft): Round["text"] {
  return (paint, columns) =>
    leftOpen(drafted, paint, columns)
      .slice(1)
      .map((line) => `${line}\n`)
      .join("");
}
