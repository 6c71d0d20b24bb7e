/** How one ecosystem names its packages and their versions. */
export interface EcosystemTraits {
  /** What its registries admit as a name (ASCII). */
  readonly name: RegExp;
  /** A name may have a scope: `@acme/widget`. */
  readonly isScoped: boolean;
  /** The form in which names are compared. Also good for the literal beginning of a name. */
  readonly normalName: (name: string) => string;
  /** The form in which versions are compared: equal for equal versions. What is no version stays as it is written. */
  readonly normalVersion: (version: string) => string;
  /** @returns what is wrong with it where it is no range, or one that names every version */
  readonly parseRange: (text: string) => VersionRange | string;
  /** The range that this version alone is in. */
  readonly exactly: (version: string) => string;
  /** Absent: the grammar gives no exact answers about ranges as such. */
  readonly ranges?: RangeAnswers;
  /** One version may have several archives with different bytes. */
  readonly hasManyArchives: boolean;
  /** When files of a package that count as scripts run. */
  readonly scriptsRun: "when installed" | "in the build";
  /** Its registry serves provenance of the workflow that published alone, never of a reusable one inside of it. */
  readonly servesNoReusable?: true;
}

/** Exact answers about ranges that `parseRange` admits. */
interface RangeAnswers {
  /** Below 0: `left` is older. */
  readonly compare: (left: string, right: string) => number;
  /** Whether a version can be in both. False where one of them is no range. */
  readonly intersect: (one: string, other: string) => boolean;
  /** Whether no version is in it. False where it is no range. */
  readonly isEmpty: (range: string) => boolean;
}

export interface VersionRange {
  /** False also for what is not a version of the ecosystem. */
  includes(version: string): boolean;
}
