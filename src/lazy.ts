/** Something that is made once, when it is first asked for. */
export interface Lazy<T> {
  get(): Promise<T>;
  started(): boolean;
}

export function lazily<T>(make: () => Promise<T>): Lazy<T> {
  let made: Promise<T> | undefined;
  return { get: () => (made ??= make()), started: () => made !== undefined };
}
