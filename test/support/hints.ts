import { appendFileSync } from "node:fs";

/** Every command of ours that a hint may name, as it is typed; `test/long/hints.test.ts` and `test/e2e/hints.test.ts` run each. */
export const FORMS = [
  "safe-install --help",
  "safe-install --system",
  "safe-install help WORD",
  "safe-install init",
  "safe-install init --record",
  "safe-install init --policy FILE",
  "safe-install init [--policy FILE] -- COMMAND",
  "safe-install check",
  "safe-install check WORD",
  "safe-install check --offline",
  "safe-install check --help",
  "safe-install check --evidence FILE",
  "safe-install --log FILE check",
  "safe-install report FILE --html",
  "safe-install evidence export",
  "safe-install explain WORD",
  "safe-install explain WORD [--policy FILE] -- COMMAND",
  "safe-install explain --policy FILE WORD",
  "safe-install explain --policy FILE WORD -- COMMAND",
  "safe-install policy pin",
  "safe-install policy pin --write",
  "safe-install policy pin --prune --write",
  "safe-install policy pin WORD --write",
  "safe-install policy pin --policy FILE --write -- COMMAND",
  "safe-install policy pin [--policy FILE] [WORD] --write -- COMMAND",
  "safe-install policy pin -- COMMAND",
  'safe-install policy except WORD --code WORD --reason "..." --days 30',
  'safe-install policy except WORD --code WORD --reason "..." --days 30 --write',
  'safe-install policy except WORD --code WORD --reason "..." --days 30 --write [--policy FILE] -- COMMAND',
  "safe-install policy diff WORD",
  "safe-install policy lint",
  "safe-install trust show",
  "safe-install trust update",
  "safe-install trust update --offline-bundle FILE",
  "safe-install trust pin FILE",
  "safe-install npm ci",
  "safe-install npm install",
  "safe-install npm add",
  "safe-install npm update",
  "safe-install npm uninstall",
  "safe-install npm exec",
  "safe-install npm install -g WORD",
  "safe-install npm link",
  "safe-install npx --package=WORD WORD",
  "safe-install pip install",
  "safe-install pip install -r FILE",
  "safe-install pip install --target FILE",
  "safe-install .venv/bin/pip install",
  "safe-install PATH/TO/python -m pip install",
  "safe-install dotnet build",
  "safe-install dotnet publish",
  "safe-install dotnet pack",
  "safe-install dotnet add",
  "safe-install dotnet restore",
  "safe-install dotnet restore --locked-mode",
  "safe-install dotnet restore --force-evaluate",
  "safe-install dotnet restore -r WORD --force-evaluate",
] as const;

export type Form = (typeof FORMS)[number];

/** A command as it is printed, and of which form it is. */
export interface Named {
  readonly command: string;
  readonly form: Form;
}

/**
 * The commands of ours in a text for people. What follows one is a sign, the end, or a sentence that goes on: no option.
 * @throws Error where one is of no form that is known
 */
export function commandsIn(text: string): readonly Named[] {
  return [...text.matchAll(/(?<![\w/-])safe-install (?=[a-z.-]|PATH)/g)].flatMap(({ index }) => {
    const rest = text.slice(index);
    if (PROSE.some((words) => rest.startsWith(words))) return [];
    const [longest] = FORMS.flatMap((form) => {
      const [command] = patternOf(form).exec(rest) ?? [];
      return command === undefined ? [] : [{ command: command.replace(/[.:]$/, ""), form }];
    }).toSorted((left, right) => right.command.length - left.command.length);
    if (longest === undefined) throw new Error(`a hint names a command of no known form: ${rest.slice(0, 120)}`);
    return [longest];
  });
}

/** Where the name stands for the program, and no command follows. */
const PROSE = [
  "safe-install in that folder",
  "safe-install there",
  "safe-install may be older",
  "safe-install keeps",
  "safe-install leads",
  "safe-install brings",
  "safe-install is at work",
  "safe-install is in it",
  "safe-install was started",
  "safe-install reads",
  "safe-install lies",
] as const;

function patternOf(form: Form): RegExp {
  const signs = form
    .replaceAll(/[.*+?^${}()|\\]/g, "\\$&")
    .replaceAll(/\[(--policy FILE|WORD)\] /g, "(?:$1 )?")
    .replaceAll("--policy FILE", String.raw`--policy (?:'[^']*'|[^\s,;]+)`)
    .replaceAll(/\b(?:WORD|FILE)\b/g, "(?!-)[^\\s,;()`]+")
    .replace("COMMAND", String.raw`\S(?:(?!, or |; |\) ?)[^\n])*`);
  // Prose may follow, a further option may not.
  return new RegExp("^" + signs + "(?=$|[\\s,;:.()`])(?! -)");
}

/** A file to which each hint is added that a run of any test prints: `test/long/hints.test.ts` asks whether all are of a form. */
export const LEDGER = process.env["SAFE_INSTALL_TEST_HINTS"];

export function noteHints({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): void {
  if (LEDGER === undefined) return;
  const hints = [...hintsIn(stdout), ...hintsIn(stderr)].map((hint) => `${JSON.stringify(hint)}\n`);
  if (hints.length > 0) appendFileSync(LEDGER, hints.join(""));
}

/** What a run said in its hints, on a screen, in a report or in an answer. */
export function hintsIn(output: string): readonly string[] {
  const labelled = [...output.matchAll(/^ *hint {2,}(.*(?:\n {8,}\S.*)*)/gm)].map(([, text = ""]) => text);
  const members = [...output.matchAll(/"hint": ("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']) =>
    String(JSON.parse(text)),
  );
  const lines = [...output.matchAll(/^ *(?:more|to write it): (.*)$/gm)].map(([, text = ""]) => text);
  return [...labelled.map((text) => text.replaceAll(/\n */g, " ")), ...members, ...lines];
}
