/** Known bytes: exactly the digests that the recorded file holds for one version. */
export interface Recorded {
  /** Digests (`sha512:HEX`) by `packageKey` of name and version. */
  readonly digests: ReadonlyMap<string, readonly string[]>;
}
