import { label } from "../../model/package.ts";
import type { Difference } from "../compare.ts";
import { few, type Paint, plural, printable, shortDigests, wrap } from "../../report/text.ts";
import { alignment } from "../propose/alignment.ts";
import type { Typed } from "../draft.ts";
import { isSecret } from "../../words.ts";

interface Compared {
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
      ...alike(members).flatMap((same) => block(same, paint)),
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

/** Those of one kind that change alike, each kind where its first stands. */
function alike(members: readonly Difference[]): readonly (readonly Difference[])[] {
  const groups = new Map<string, Difference[]>();
  for (const one of members) {
    const key = JSON.stringify([one.before, one.after]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function block(same: readonly Difference[], paint: Paint): string[] {
  const [{ before, after } = { before: "", after: "" }] = same;
  const names = same.map((one) => label(one.package));
  return [
    `  ${paint("bold", names.length > FEW ? plural(names.length, "package") : names.map(printable).join(", "))}`,
    ...(names.length > FEW ? [`      ${paint("dim", few(names, FEW))}`] : []),
    `      ${paint("dim", "before")}  ${printable(before)}`,
    `      ${paint("dim", "now   ")}  ${printable(after)}`,
  ];
}

const FEW = 3;

/** Lines of context around a change. */
const CONTEXT = 2;

/** What differs between two texts, line by line, as `diff -u` shows it; empty where nothing does. */
export function lineDiff(before: string, after: string, name: string, paint: Paint): string {
  const lines = compare(before.split("\n"), after.split("\n"));
  const isShown = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ mark }) => mark !== " "),
  );
  const isTwin = twinsIn(lines);
  const body = lines.flatMap((line, at) => {
    if (isShown[at] !== true) return at > 0 && isShown[at - 1] === true ? [paint("dim", "  ...")] : [];
    const text = `${line.mark} ${printable(isTwin(line) ? line.text : shortDigests(line.text))}`;
    return [line.mark === " " ? paint("dim", text) : paint(line.mark === "+" ? "green" : "red", text)];
  });
  return body.length === 0 ? "" : [paint("bold", `--- ${printable(name)}`), ...body, ""].join("\n");
}

/** Lines that would look like one that comes or goes for them, were their digests shortened. */
function twinsIn(lines: readonly Line[]): (line: Line) => boolean {
  const short = (mark: Line["mark"]) =>
    new Set(lines.filter((one) => one.mark === mark).map(({ text }) => shortDigests(text)));
  const [gone, come] = [short("-"), short("+")];
  return ({ mark, text }) => mark !== " " && gone.has(shortDigests(text)) && come.has(shortDigests(text));
}

interface Line {
  readonly mark: " " | "+" | "-";
  readonly text: string;
}

function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  const { pairs, added } = alignment(before, after);
  const extra = new Map<number, string[]>();
  const come = (behind: number, index: number) => extra.set(behind, [...(extra.get(behind) ?? []), after[index] ?? ""]);
  for (const { index, behind } of added) come(behind, index);
  const plus = (at: number): Line[] => (extra.get(at) ?? []).map((text) => ({ mark: "+", text }));
  return [
    ...plus(-1),
    ...before.flatMap((text, at): Line[] => {
      const to = pairs.get(at);
      const next = to === undefined ? undefined : after[to];
      if (next === text) return [{ mark: " ", text }, ...plus(at)];
      return [{ mark: "-", text }, ...(next === undefined ? [] : [{ mark: "+", text: next } as const]), ...plus(at)];
    }),
  ];
}

/** `safe-install policy pin PACKAGE... --write -- npm install left-pad`: what can be copied into a POSIX shell. */
export function pinCommand(packages: readonly string[], typed: Typed): string {
  return commandOf(["policy", "pin"], [...packages, "--write"], typed);
}

/** `safe-install init -- npm install left-pad`. */
export function initCommand(typed: Typed): string {
  return commandOf(["init"], [], typed);
}

/** `safe-install explain pkg:npm/left-pad@1.3.0 -- npm install left-pad`. */
export function explainCommand(purl: string, typed: Typed): string {
  return commandOf(["explain"], [purl], typed);
}

function commandOf(name: readonly string[], rest: readonly string[], typed: Typed): string {
  const option = typed.policy === null ? [] : ["--policy", typed.policy];
  return behind(["safe-install", ...name, ...option, ...rest].map(quoted).join(" "), { ...typed, policy: null });
}

/** A command of ours with what was typed behind it. */
export function behind(ours: string, { command, policy }: Typed): string {
  const words = policy === null ? ours : `${ours} --policy ${quoted(policy)}`;
  if (command === null) return words;
  return [words, "--", ...(command.some(isSecret) ? ["THE SAME COMMAND"] : command.map(quoted))].join(" ");
}

function quoted(word: string): string {
  const text = printable(word);
  return /^[\w@%+=:,./-][\w@%+=:,./^~-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
