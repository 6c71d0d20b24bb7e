export interface VersionRange {
  /** False also for what is not a version of the ecosystem. */
  includes(version: string): boolean;
}
