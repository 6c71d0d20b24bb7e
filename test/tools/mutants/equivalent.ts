/** A mutant that no test can notice, because the program is the same with it. */
export interface Equivalent {
  readonly file: string;
  /** What is changed, and what it becomes, as the tool prints it. */
  readonly of: string;
  readonly to: string;
  readonly why: string;
}

export const EQUIVALENT: readonly Equivalent[] = [];
