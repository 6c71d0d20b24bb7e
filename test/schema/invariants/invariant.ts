/** One promise of the design, with the tests that try to break it. */
export interface Invariant {
  readonly promise: string;
  readonly meaning: string;
  /** Path below `test/`, and titles as they stand in the source. */
  readonly tests: Readonly<Record<string, readonly string[]>>;
}
