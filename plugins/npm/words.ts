import npmDefinitions from "@npmcli/config/lib/definitions/index.js";
import npmTypeDefs from "@npmcli/config/lib/type-defs.js";
import nopt from "nopt";

/** A command line of npm, read by npm's own parser and its own table of options. */
export interface Words {
  /** What is no option and no option's value; the subcommand first. */
  readonly positional: readonly string[];
  /** Options by their full names. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Options that npm's table does not know. */
  readonly unknown: readonly string[];
}

/** Abbreviated options count as what they abbreviate, as in npm 10 and 11. */
export function parseWords(args: readonly string[]): Words {
  const { argv, ...options } = nopt.lib.nopt([...args], {
    types: TYPES,
    shorthands: npmDefinitions.shorthands,
    typeDefs: npmTypeDefs,
  });
  return {
    positional: argv.remain,
    options,
    unknown: Object.keys(options).filter((key) => !(key in TYPES)),
  };
}

const TYPES = Object.fromEntries(
  Object.entries(npmDefinitions.definitions).map(([key, definition]) => [key, definition.type]),
);

/** Parsed options as words again, each as `--key=value`. */
export function renderOptions(
  options: Words["options"],
  keeps: (key: string) => boolean = () => true,
): readonly string[] {
  return Object.entries(options)
    .filter(([key]) => keeps(key))
    .flatMap(([key, value]) => (Array.isArray(value) ? value : [value]).map((one) => `--${key}=${String(one)}`));
}
