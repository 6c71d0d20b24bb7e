/** MSBuild's own words for "restore", and for properties that only a restore gets (`MSBuild -help`). */
const SWITCH = /^(?:(?:--?|\/)(?:restore|restoreproperty|rp)|\/r)(?:[:=]|$)/i;
const TARGETS = /^(?:--?|\/)t(?:arget)?(?:[:=](.*))?$/is;

/** Commands that hand words on to MSBuild; true: what stands behind `--` is for another program. */
const BUILDING: ReadonlyMap<string, boolean> = new Map([
  ["build", false],
  ["clean", false],
  ["pack", false],
  ["publish", false],
  ["run", true],
  ["test", true],
]);

/**
 * The word that would have MSBuild restore by itself, past the gate, or that hides what it says: a response file, a target
 * whose name is escaped, words behind `--` that go to MSBuild unread. Null where there is none.
 */
export function restoringWord(args: readonly string[]): string | null {
  const [command = ""] = args;
  const endsAtDashes = BUILDING.get(command);
  if (endsAtDashes === undefined) return null;
  const end = endsAtDashes ? args.indexOf("--") : -1;
  const own = end < 0 ? args : args.slice(0, end);
  return own.find((word, at) => word === "--" || restores(word, own[at + 1] ?? "", command)) ?? null;
}

function restores(word: string, next: string, command: string): boolean {
  if (word.startsWith("@") || SWITCH.test(word)) return true;
  const [match, targets = next] = TARGETS.exec(word) ?? [];
  const listsTests = command === "test" && word === "-t";
  return match !== undefined && !listsTests && /restore|%/i.test(targets);
}
