import { npmDefinitions } from "./private.ts";

/** The words for npm itself: what was typed after `npx` is `npm exec` in another spelling. */
export function npmWords(args: readonly string[], program: readonly string[] = []): readonly string[] {
  return program[0] === "npx" ? ["exec", ...beforeNpm(args)] : args;
}

/** As `bin/npx-cli.js` of npm 10 to 12 rewrites them: npx's own options, and `--` before the first word that is none. */
function beforeNpm(args: readonly string[]): readonly string[] {
  const words = [...args];
  const { shorthands, switches } = npmsTable();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") break;
    if (!word.startsWith("-")) {
      words.splice(at, 0, "--");
      break;
    }
    const [key = "", ...value] = word.replace(/^-+/, "").split("=");
    const longer = key in RENAMED || REMOVED.has(key) || !Object.hasOwn(shorthands, key) ? undefined : shorthands[key];
    if (longer !== undefined) {
      words.splice(at--, 1, ...longer, ...(value.length === 0 ? [] : [value.join("=")]));
      continue;
    }
    if (key in RENAMED) words[at] = [RENAMED[key], ...value].join("=");
    const takesNext = value.length === 0 && !switches.has(key) && (VALUES.has(key) || !isOption(words[at + 1]));
    if (REMOVED.has(key)) words.splice(at--, takesNext ? 2 : 1);
    else if (takesNext) at++;
  }
  return words;
}

/** Loaded for npx only: what passes through npm does not wait for npm's table. */
function npmsTable(): Pick<ReturnType<typeof npmDefinitions>, "shorthands"> & {
  readonly switches: ReadonlySet<string>;
} {
  const { definitions, shorthands } = npmDefinitions();
  const known = Object.entries(definitions).filter(([, { type }]) => [type].flat().includes(Boolean));
  return { shorthands, switches: new Set([...OWN_SWITCHES, ...known.map(([key]) => key)]) };
}

function isOption(word: string | undefined): boolean {
  return word?.startsWith("-") === true;
}

const RENAMED: Readonly<Record<string, string>> = Object.assign(Object.create(null) as object, {
  p: "--package",
  shell: "--script-shell",
  "no-install": "--yes=false",
});

/** Of npx before npm 7. */
const REMOVED: ReadonlySet<string> = new Set(
  "always-spawn ignore-existing shell-auto-fallback npm node-arg n".split(" "),
);

const VALUES: ReadonlySet<string> = new Set("npm node-arg n package p cache userconfig call c shell".split(" "));

const OWN_SWITCHES = "always-spawn ignore-existing shell-auto-fallback no-install quiet q version v help h".split(" ");
