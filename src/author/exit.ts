import { EXIT, worstExit } from "../exit.ts";
import { CODES } from "../model/codes.ts";
import { type Draft, left } from "./draft.ts";

/** As `check` would end once the draft is written. */
export function exitOfDraft(draft: Draft): number {
  const standings = left(draft).map(({ status }) => {
    if (status === "broken") return EXIT.doesNotHold;
    return status === "unknown" ? EXIT.unavailable : EXIT.denied;
  });
  return worstExit([...standings, ...draft.survey.unbound.map(({ denial }) => CODES[denial.code].exit)]);
}
