import type { Workplace } from "../locate.ts";
import type { Executing } from "../task.ts";
import type { Wish } from "./wish.ts";

/** Where a tool runs, and with what: the user's npm, and its configuration where the command was typed. */
export interface Execution extends Workplace<Executing> {
  readonly wish: Wish;
}
