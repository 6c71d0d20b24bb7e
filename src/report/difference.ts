import { label } from "../model/package.ts";
import type { Difference } from "../policy/difference.ts";
import { type Paint, plural, printable, wrap } from "./text.ts";

export interface Compared {
  readonly revision: string;
  readonly found: readonly Difference[];
  /** About the policy itself. */
  readonly said: readonly string[];
  /** How many packages the lock names. */
  readonly packages: number;
}

const TITLES = {
  allows: ["green", "newly allowed"],
  forbids: ["red", "newly forbidden"],
  softens: ["yellow", "let through by audit from now on"],
  rests: ["dim", "as before, but for another reason"],
} as const satisfies Record<Difference["kind"], readonly [string, string]>;

/** What a change of policy means for the lock, in words. */
export function differenceText({ revision, found, said, packages }: Compared, paint: Paint, columns: number): string {
  const groups = (Object.keys(TITLES) as Difference["kind"][]).flatMap((kind) => {
    const members = found.filter((one) => one.kind === kind);
    const [style, title] = TITLES[kind];
    if (members.length === 0) return [];
    return [
      paint(style, `${title}: ${plural(members.length, "package")}`),
      ...members.flatMap((one) => block(one, paint)),
      "",
    ];
  });
  const about = said.map((text) => `  ${wrap(printable(text), columns, "    ")}`);
  const rest = packages - found.length;
  return [
    ...groups,
    ...(about.length === 0 ? [] : ["in the policy itself:", ...about, ""]),
    `since ${printable(revision)}: ${found.length === 0 ? "nothing changes for the lock here" : `${plural(rest, "package")} of ${packages} as before`}`,
    "",
  ].join("\n");
}

function block({ package: ref, before, after }: Difference, paint: Paint): string[] {
  return [
    `  ${paint("bold", printable(label(ref)))}`,
    `      ${paint("dim", "before")}  ${printable(before)}`,
    `      ${paint("dim", "now   ")}  ${printable(after)}`,
  ];
}
