/** The ecosystems by their purl type (purl-spec); `plugins/` is named after the commands instead. */
export const ECOSYSTEMS = ["npm", "pypi", "nuget"] as const;

export type Ecosystem = (typeof ECOSYSTEMS)[number];

/** One version of one package. `name` and `version` are spelled as the registry spells them; never an alias. */
export interface PackageRef {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  readonly version: string;
  /** Package URL, for instance `pkg:npm/%40acme/widget@2.1.0`. The identity used everywhere in reports. */
  readonly purl: string;
}

/** `npm:@acme/widget@2.1.0`: the spelling of policies and of the screen. */
export function label(ref: PackageRef): string {
  return `${ref.ecosystem}:${ref.name}@${ref.version}`;
}
