import { parseWords, renderOptions, type NpmWords } from "./words.ts";

/** What a gated command line does. */
export type Task = ProjectTask | Executing | GlobalTask;

export type ProjectTask =
  /** Installs what the lockfile holds. `args` as typed. */
  | { readonly kind: "clean"; readonly args: readonly string[]; readonly tests: boolean }
  /** Lets npm change package.json and the lockfile first. */
  | (Changing & { readonly kind: "change" });

export interface Changing {
  readonly change: Change;
  /** What was typed after the subcommand, without options. */
  readonly specs: readonly string[];
  readonly options: NpmWords["options"];
  /** npm's own tests of the project run after it. */
  readonly tests: boolean;
}

/** Runs a package without installing it into the project. */
export interface Executing {
  readonly kind: "exec";
  /** `npm init`: its first word names `create-NAME`. */
  readonly creates: boolean;
  /** As npm gets them. */
  readonly args: readonly string[];
  readonly words: readonly string[];
  readonly options: NpmWords["options"];
}

/** Changes the folder of global packages. */
export interface GlobalTask {
  readonly kind: "global";
  readonly change: GlobalChange;
  readonly specs: readonly string[];
  readonly options: NpmWords["options"];
}

export function taskOf(args: readonly string[]): Task {
  const { positional, options } = parseWords(args);
  const [command = "", ...specs] = positional;
  if (CLEAN_INSTALL.has(command)) return { kind: "clean", args, tests: false };
  if (CLEAN_INSTALL_TEST.has(command)) return { kind: "clean", args: ["ci", ...renderOptions(options)], tests: true };
  if (EXECUTES.has(command) || CREATES.has(command))
    return { kind: "exec", creates: CREATES.has(command), args, words: specs, options };
  if (LINKS.has(command)) return { kind: "global", change: "link", specs, options };
  if (command === "audit") return { kind: "change", change: "audit fix", specs: [], options, tests: false };
  const change = CHANGES.get(command);
  if (change === undefined) throw new TypeError(`npm ${command} is not supported`);
  if (isGlobal(options)) return { kind: "global", change: change as GlobalChange, specs, options };
  const tests = change === "install-test";
  return { kind: "change", change: tests ? "install" : change, specs, options, tests };
}

export function isGlobal(options: NpmWords["options"]): boolean {
  return options["global"] === true || options["location"] === "global";
}

/**
 * The command that installs what the changed lockfile holds. Only `npm install` without specs, and `npm ci`, run the
 * project's own scripts: after any other change `prune` reifies the same tree without them.
 */
export function landingArgs({ change, specs, options }: Changing): readonly string[] {
  const command = change === "install" && specs.length === 0 ? "install" : "prune";
  return [command, ...renderOptions(options, (key) => !STAGED_ONLY.test(key))];
}

/** The whole project is installed: part of it beside what was there before would be beside what is not proven. */
const STAGED_ONLY = /^(?:save|save-.*|workspaces?|include-workspace-root|prefer-dedupe|before|tag|min-release-age.*)$/;

/** npm's own clean install under every name that npm gives it (npm 10 to 12, lib/utils/cmd-list.js). */
export const CLEAN_INSTALL: ReadonlySet<string> = new Set(words("ci clean-install ic install-clean isntall-clean"));

/** Subcommands that put no package on disk. Full names and aliases; abbreviations are not among them. */
export const PASSED: ReadonlySet<string> = new Set([
  ...words("access adduser add-user login logout whoami token profile org ogr owner author team hook trust"),
  ...words("audit bugs issues docs home repo cache completion config c get set deprecate undeprecate"),
  ...words("dist-tag dist-tags doctor explain why explore fund help hlep help-search ls list la ll"),
  ...words("outdated pack ping pkg prefix publish unpublish query root sbom search find s se"),
  ...words("run run-script rum urn restart start stop test t tst shrinkwrap star stars unstar"),
  ...words("version verison view v info show"),
]);

/** Of those, the ones that ask a registry about package specs; what lies elsewhere npm would fetch, install and run to read it. */
export const READS_SPECS: ReadonlySet<string> = new Set(
  words("view v info show bugs issues docs home repo fund owner author"),
);

/** Of those, the ones that make an archive of a folder, and run its scripts; of a package's name they would fetch it. */
export const PACKS: ReadonlySet<string> = new Set(words("pack publish"));

/** What `npm cache` may be asked for (`lib/commands/cache.js` of npm 10 to 12): all but `add`, which fetches. */
export const CACHE_PASSED: ReadonlySet<string> = new Set(words("clean clear rm ls verify check npx"));

/** With these npm installs workspaces anew once their versions have changed, unless told not to. */
export const VERSIONS: ReadonlySet<string> = new Set(words("version verison"));

/** Subcommands that change the lockfile and install what it then holds, by every name, with the full one. */
export const CHANGES: ReadonlyMap<string, Change> = new Map([
  ...words("install i in ins inst insta instal isnt isnta isntal isntall add").map(means("install")),
  ...words("install-test it").map(means("install-test")),
  ...words("update up upgrade udpate u").map(means("update")),
  ...words("uninstall unlink remove rm r un").map(means("uninstall")),
  ...words("dedupe ddp").map(means("dedupe")),
  ...words("prune").map(means("prune")),
]);

type Change = "install" | "install-test" | "update" | "uninstall" | "dedupe" | "prune" | "audit fix";

/** Subcommands that run a package that need not be installed. */
export const EXECUTES: ReadonlySet<string> = new Set(words("exec x"));

/** Those that run `create-NAME` where they are given a name, and make a package.json where not. */
export const CREATES: ReadonlySet<string> = new Set(words("init innit create"));

/** Subcommands that lay a link to a folder beside the global packages. */
export const LINKS: ReadonlySet<string> = new Set(words("link ln"));

/** Of the changes, those that are gated for the global folder too. */
export const GLOBAL: ReadonlySet<Change> = new Set(["install", "update", "uninstall"] as const);

type GlobalChange = "install" | "update" | "uninstall" | "link";

/** A clean install, then the project's tests. */
export const CLEAN_INSTALL_TEST: ReadonlySet<string> = new Set(words("install-ci-test cit sit clean-install-test"));

/** They settle which install scripts run. Their names begin as those of many folders do. */
export const SETTLES: ReadonlySet<string> = new Set(words("approve-scripts deny-scripts"));

/** Subcommands that install in a way that is not gated, with what they do. */
export const INSTALLS: ReadonlyMap<string, string> = new Map([
  ...words("edit install-scripts").map(does("runs install scripts")),
  ...[...SETTLES].map(does("settles which install scripts run, and runs them")),
  ...words("rebuild rb").map(does("runs the install scripts of whatever lies in node_modules")),
  ...words("diff").map(does("fetches packages")),
  ...words("patch").map(does("fetches packages and changes what is installed")),
  ...words("find-dupes").map(does("resolves anew, which may run code of git dependencies")),
]);

function words(text: string): readonly string[] {
  return text.split(" ");
}

function means(change: Change): (name: string) => readonly [string, Change] {
  return (name) => [name, change];
}

function does(what: string): (name: string) => readonly [string, string] {
  return (name) => [name, what];
}
