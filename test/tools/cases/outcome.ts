/** What became of one case. */
export interface Run {
  /** Every command that went through the gate, in the order in which they ended. */
  readonly gated: readonly Gated[];
  /** What a script itself showed; "" where the case is commands only. */
  readonly output: string;
  /** Whether the commands stand for themselves: then each of them must end as the case says, not only the last. */
  readonly alone: boolean;
  readonly timedOut: boolean;
  readonly seconds: number;
  /** Files that lie in the case's folder afterwards. */
  readonly files: readonly string[];
}

export interface Gated {
  readonly args: readonly string[];
  /** null: ended by a signal. */
  readonly exit: number | null;
  readonly text: string;
}
