/** What a person reads of a code of one package, beside its meaning. Backticks mark code; a terminal shows none. */
export interface Advice {
  /** One situation that has it. */
  readonly example: string;
  readonly todo: string;
}
