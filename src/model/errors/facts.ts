/** What a person reads of a code that stops a whole run. */
export interface ErrorFacts {
  /** One line: what it says of the run. */
  readonly meaning: string;
  /** What to do about it. */
  readonly todo: string;
}
