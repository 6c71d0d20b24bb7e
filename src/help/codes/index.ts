import type { ErrorCode } from "../../errors.ts";
import { EXIT, exitOfKind } from "../../exit.ts";
import { type Code, CODES } from "../../model/codes.ts";
import { type ErrorKind, ERRORS } from "../../model/errors/index.ts";
import type { ErrorFacts } from "../../model/errors/facts.ts";
import { wrap } from "../../report/text.ts";
import type { Advice } from "./advice.ts";
import { DENIED } from "./denied.ts";
import { UNBOUND } from "./unbound.ts";

/** What is said of one code, on the screen and in docs/codes.md. Backticks mark code. */
export interface CodeText {
  readonly code: ErrorCode;
  /** One of a package, and then of a whole run by each kind of error that has it. */
  readonly meanings: readonly CodeMeaning[];
}

export interface CodeMeaning {
  readonly meaning: string;
  readonly exit: number;
  /** null: it stops a whole run, where nothing is softened or excused. */
  readonly softened: { readonly audit: boolean; readonly excusable: boolean } | null;
  readonly example: string | null;
  readonly todo: string;
}

const ADVICE: Readonly<Record<Code, Advice>> = { ...DENIED, ...UNBOUND };

/** Every code that a person can meet: those of a package in the order of their table, then those of a run. */
export function allCodes(): readonly CodeText[] {
  const codes = new Set([
    ...Object.keys(CODES),
    ...Object.values(ERRORS).flatMap((table) => Object.keys(table).sort()),
  ]);
  return [...codes].map((code) => ({ code: code as ErrorCode, meanings: [...ofPackage(code), ...ofRun(code)] }));
}

/** null: no code of that name. */
export function codeText(word: string): CodeText | null {
  return allCodes().find(({ code }) => code === word) ?? null;
}

/** As `safe-install explain CODE` prints it. */
export function shownCode({ code, meanings }: CodeText): string {
  return `${code}\n${meanings.map((one) => `${shownMeaning(one).join("\n")}\n`).join("\n")}`;
}

function shownMeaning(one: CodeMeaning): readonly string[] {
  const rows = factsOf(one).map(
    ([name, text]) => `  ${name.padEnd(NAME)}  ${wrap(text.replaceAll("`", ""), WIDTH, " ".repeat(NAME + 4))}`,
  );
  return [`  ${wrap(one.meaning, WIDTH, "  ")}`, ...rows];
}

/** Name and text of each row below the meaning. */
export function factsOf({ exit, softened, example, todo }: CodeMeaning): readonly (readonly [string, string])[] {
  return [
    ["exit", `${exit}, ${NAMES[exit] ?? ""}`],
    ...(softened === null
      ? []
      : ([
          ["audit mode", softened.audit ? "reports it and installs" : "stops, too"],
          ["exception", softened.excusable ? "may excuse it" : "cannot excuse it"],
        ] as const)),
    ...(example === null ? [] : ([["for example", example]] as const)),
    ["what to do", todo],
  ];
}

function ofPackage(code: string): readonly CodeMeaning[] {
  if (!(code in CODES)) return [];
  const { meaning, exit, audit, excusable } = CODES[code as Code];
  return [{ meaning, exit, softened: { audit, excusable }, ...ADVICE[code as Code] }];
}

function ofRun(code: string): readonly CodeMeaning[] {
  return Object.entries(ERRORS).flatMap(([kind, table]) => {
    const facts = (table as Readonly<Record<string, ErrorFacts>>)[code];
    return facts === undefined
      ? []
      : [{ ...facts, exit: exitOfKind(kind as ErrorKind), softened: null, example: null }];
  });
}

const NAMES: Readonly<Record<number, string>> = {
  [EXIT.usage]: "usage",
  [EXIT.denied]: "denied by policy",
  [EXIT.doesNotHold]: "does not hold, or cannot be bound",
  [EXIT.unavailable]: "unavailable",
  [EXIT.policy]: "the policy is missing or wrong",
  [EXIT.installerNotFound]: "the installer was not found",
};

const NAME = "for example".length;
const WIDTH = 80;
