/** What a resolver reads of a package: what it needs, and of what (core metadata). */
export interface Said {
  readonly requires: readonly string[];
  readonly extras: readonly string[];
  readonly python: readonly string[];
  /** Names and versions that it gives itself. */
  readonly is: readonly (readonly string[])[];
}

/** Whether two readings would have a resolver choose alike. Nothing said is like nothing else. */
export function sameWords(one: Said | null | undefined, other: Said | null | undefined): boolean {
  if (one === null || one === undefined || other === null || other === undefined) return false;
  const spelled = ({ requires, extras, python, is }: Said) => JSON.stringify([requires, extras, python, is]);
  return spelled(one) === spelled(other);
}
