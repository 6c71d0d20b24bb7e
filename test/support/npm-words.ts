import type { Chance } from "./lock-diff/chance.ts";
import type { NpmLine } from "./npm-lines.ts";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";

/** What one npm makes of a command line, by its own table of options, its own parser and its own list of commands. */
export interface NpmReading {
  /** The command's own name; undefined where it knows none of that name. */
  readonly command: string | undefined;
  readonly rest: readonly string[];
  /** From the command line only. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface NpmReader {
  readonly version: string;
  readonly read: (args: readonly string[]) => NpmReading;
  /** What its `npx` hands to its `npm`. */
  readonly npx: (args: readonly string[]) => readonly string[];
  readonly commands: readonly string[];
  /** Commands and their other names. */
  readonly names: readonly string[];
  readonly keys: readonly string[];
  readonly shorthands: readonly string[];
}

interface Tables {
  readonly definitions: Readonly<Record<string, { readonly type: unknown }>>;
  readonly shorthands: Readonly<Record<string, readonly string[]>>;
}

interface CommandList {
  readonly commands: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly deref: (typed: string | undefined) => string | undefined;
}

type Parse = (
  types: object,
  shorthands: object,
  argv: readonly string[],
) => Record<string, unknown> & { readonly argv: { readonly remain: readonly string[] } };

/** Loads it from its folder: `lib/npm.js` of npm 10 to 12 reads a command line in these steps. */
export function readerOf({ version, folder }: NpmLine): NpmReader {
  const load = createRequire(join(folder, "package.json"));
  const { definitions, shorthands } = load("@npmcli/config/lib/definitions") as Tables;
  load("@npmcli/config"); // teaches the parser npm's own types
  const parse = load("nopt") as Parse;
  const types = Object.fromEntries(Object.entries(definitions).map(([key, { type }]) => [key, type]));
  const { commands, aliases, deref } = load("./lib/utils/cmd-list.js") as CommandList;
  return {
    version,
    commands,
    names: [...commands, ...Object.keys(aliases)],
    keys: Object.keys(definitions),
    shorthands: Object.keys(shorthands),
    read(args) {
      const { argv, ...options } = parse(types, shorthands, ["node", "npm", ...args]);
      const [command, ...rest] = argv.remain;
      return { command: deref(command), rest, options };
    },
    npx: npxOf(folder, load),
  };
}

/** Its `bin/npx-cli.js`, up to where it would start npm. */
function npxOf(folder: string, load: NodeJS.Require): NpmReader["npx"] {
  const source = readFileSync(join(folder, "bin", "npx-cli.js"), "utf8").replace(/^#!.*/, "");
  const program = compileFunction(source, ["require", "process", "console"]) as (...given: readonly unknown[]) => void;
  return (args) => {
    const argv = ["node", "npx", ...args];
    const required = Object.assign((id: string) => (id === "../lib/cli.js" ? () => {} : load(id)), { resolve: String });
    program(required, { argv }, { error: () => {} });
    return argv.slice(2);
  };
}

/** A line of words as people, and people with bad intentions, might type them. */
export function lineOf(chance: Chance, readers: readonly NpmReader[]): readonly string[] {
  const { names, keys, shorthands } = chance.of(readers);
  const count = 1 + chance.below(6);
  return Array.from({ length: count }, () => wordOf(chance, { names, keys, shorthands }));
}

function wordOf(chance: Chance, known: Pick<NpmReader, "names" | "keys" | "shorthands">): string {
  if (chance.happens(0.4)) return commandOf(chance, known.names);
  if (chance.happens(0.6)) return optionOf(chance, known);
  return chance.of(OTHERS);
}

/** In full, abbreviated, or in npm's other spelling. */
function commandOf(chance: Chance, names: readonly string[]): string {
  const name = chance.of(names);
  if (chance.happens(0.7)) return name;
  if (chance.happens(0.7)) return name.slice(0, 1 + chance.below(name.length));
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function optionOf(chance: Chance, { keys, shorthands }: Pick<NpmReader, "keys" | "shorthands">): string {
  if (chance.happens(0.2)) return `-${chance.of(shorthands)}${chance.happens(0.2) ? chance.of(shorthands) : ""}`;
  const key = chance.happens(0.5) ? chance.of(STEERING) : chance.of(keys);
  const short = chance.happens(0.2) ? key.slice(0, 1 + chance.below(key.length)) : key;
  const dashes = chance.of(["--", "--", "--", "-", "---", "--no-"]);
  return `${dashes}${short}${chance.happens(0.3) ? `=${chance.of(VALUES)}` : ""}`;
}

const STEERING = "global location workspace workspaces usage version versions call package yes prefix save tag".split(
  " ",
);
const VALUES = ["", "true", "false", "null", "global", "install", "1", "x", "./x"];
const OTHERS = [
  "",
  ..."-- - fix add ls x x@1 @s/x ./x . node_modules/x git+https://h.example/x https://h.example/x.tgz true false clean npx NODE_MODULES/x x.tgz file:x null rm".split(
    " ",
  ),
];
