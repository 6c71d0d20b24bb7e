import { npmDefinitions, npmTypeDefs } from "./private.ts";
import type Nopt from "nopt";
import { createRequire } from "node:module";

/** A command line of npm, read by npm's own parser and its own table of options. */
export interface NpmWords {
  /** What is no option and no option's value; the subcommand first. */
  readonly positional: readonly string[];
  /** Options by their full names. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Options that npm's table does not know. */
  readonly unknown: readonly string[];
}

/** Abbreviated options count as what they abbreviate, as in npm 10 and 11. */
export function parseWords(args: readonly string[]): NpmWords {
  return withoutOptions(args) ?? parseOptions(args);
}

/** Where there is no option there is nothing to look up; `--` ends the options. Null: npm's parser is needed. */
function withoutOptions(args: readonly string[]): NpmWords | null {
  const end = args.findIndex((word) => /^-{2,}$/.test(word));
  const before = end < 0 ? args : args.slice(0, end);
  if (before.some((word) => word.startsWith("-") && word !== "-")) return null;
  return { positional: end < 0 ? args : [...before, ...args.slice(end + 1)], options: {}, unknown: [] };
}

/** What passes through without an option does not wait for npm's table. */
function parseOptions(args: readonly string[]): NpmWords {
  const load = createRequire(import.meta.url);
  const nopt = load("nopt") as typeof Nopt;
  const { definitions, shorthands } = npmDefinitions();
  const types = Object.fromEntries(Object.entries(definitions).map(([key, { type }]) => [key, type]));
  const typeDefs = npmTypeDefs();
  const { argv, ...options } = nopt.lib.nopt([...args], { types, shorthands, typeDefs });
  return {
    positional: argv.remain,
    options,
    unknown: Object.keys(options).filter((key) => !(key in types)),
  };
}

/** Parsed options as words again, each as `--key=value`. */
export function renderOptions(
  options: NpmWords["options"],
  keeps: (key: string) => boolean = () => true,
): readonly string[] {
  return Object.entries(options)
    .filter(([key]) => keeps(key))
    .flatMap(([key, value]) => (Array.isArray(value) ? value : [value]).map((one) => `--${key}=${String(one)}`));
}
