import type { Decision } from "../model/decision.ts";

/** What the gate tells while it works. Synchronous; never fails. */
export interface Progress {
  start(total: number): void;
  judged(decision: Decision): void;
  end(): void;
}

export const silent: Progress = { start: () => {}, judged: () => {}, end: () => {} };
