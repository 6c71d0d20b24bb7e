/** How dotnet reads the words of the commands that are gated (SDK 10; `dotnet COMMAND --cli-schema`), and MSBuild what is left of them. */

type Takes = "nothing" | "one" | "a flag" | "perhaps one";

interface Option {
  /** The long one, however it was typed. */
  readonly name: string;
  readonly takes: Takes;
}

/** One word of a command line, with the next where that is its value. */
export interface Word {
  readonly text: string;
  /** Of an option of the command; null: an argument, or a word for MSBuild. */
  readonly name: string | null;
  readonly value?: string | undefined;
  /** It is given a value and takes none: dotnet hands that on as a word of its own, whatever it says. */
  readonly carries?: true;
}

/** Reads words as System.CommandLine does with the options of that command. */
export function readWords(command: string, words: readonly string[]): readonly Word[] {
  const options = OPTIONS.get(command) ?? new Map<string, Option>();
  const read: Word[] = [];
  for (let at = 0; at < words.length; at++) {
    const text = words[at] ?? "";
    const [option, value] = optionIn(text, options);
    const next = words[at + 1];
    if (option === null) read.push({ text, name: null });
    else if (value !== undefined && option.takes === "nothing")
      read.push({ text, name: option.name, value, carries: true });
    else if (value !== undefined || next === undefined || !isValue(option, next, options))
      read.push({ text, name: option.name, value });
    else {
      read.push({ text, name: option.name, value: next });
      at += 1;
    }
  }
  return read;
}

/** `--name`, `--name=value` or `--name:value`. */
function optionIn(text: string, options: ReadonlyMap<string, Option>): readonly [Option | null, string?] {
  const whole = options.get(text);
  if (whole !== undefined) return [whole];
  const end = text.search(/[:=]/);
  const option = end < 0 ? undefined : options.get(text.slice(0, end));
  return option === undefined ? [null] : [option, text.slice(end + 1)];
}

function isValue({ takes }: Option, next: string, options: ReadonlyMap<string, Option>): boolean {
  if (takes === "one") return true;
  if (takes === "a flag") return /^(?:true|false)$/i.test(next);
  return takes === "perhaps one" && optionIn(next, options)[0] === null && !isForMsbuild(next);
}

/** A switch of MSBuild's (`dotnet msbuild -help`): a word behind a slash that is none is a path. */
export function isForMsbuild(word: string): boolean {
  const [, name] = /^\/([a-z]+|\?)\d?(?:[:=].*)?$/is.exec(word) ?? [];
  return word.startsWith("-") || (name !== undefined && SWITCHES.has(name.toLowerCase()));
}

const SWITCHES: ReadonlySet<string> = new Set(
  words(`
  ? h help ver version nologo noautorsp noautoresponse t target ts targets p property m maxcpucount mt multithreaded v verbosity
  tv toolsversion val validate bl binarylogger clp consoleloggerparameters dl distributedlogger dfl distributedfilelogger
  fl filelogger flp fileloggerparameters l logger ll livelogger tl
  terminallogger tlp terminalloggerparameters noconlog noconsolelogger ds detailedsummary ignore ignoreprojectextensions nr nodereuse
  pp preprocess err warnaserror noerr warnnotaserror nowarn warnasmessage low lowpriority r restore rp restoreproperty profileevaluation
  isolate isolateprojects graph graphbuild irc inputresultscaches orc outputresultscache reportfileaccesses interactive question q
  getproperty getitem gettargetresult getresultoutputfile fa featureavailability check mscverbosity`),
);

const PROPERTY = "--property,--p,-p,-property,/p,/property";
const EVERYWHERE: Readonly<Record<Takes, string>> = {
  nothing: "--disable-build-servers",
  "a flag": "--interactive",
  one: "--artifacts-path --runtime,-r",
  "perhaps one": PROPERTY,
};
const QUIETER: Partial<Record<Takes, string>> = { nothing: "--no-logo,--nologo,-nologo,/nologo" };
const TARGET: Partial<Record<Takes, string>> = { "perhaps one": "--target,--t,-t,-target,/t,/target" };
const RESTORING: Partial<Record<Takes, string>> = {
  nothing:
    "--disable-parallel --ignore-failed-sources --no-cache --no-http-cache --no-dependencies --use-current-runtime,--ucr",
  one:
    "--configfile --packages " +
    words("getItem getProperty getTargetResult getResultOutputFile")
      .map((one) => `--${one},-${one},/${one}`)
      .join(" "),
  "perhaps one": "--restoreProperty,--rp,-restoreProperty,-rp,/restoreProperty,/rp",
};
const BUILDING: Partial<Record<Takes, string>> = {
  nothing: "--no-restore",
  one: "--configuration,-c --verbosity,--v,-v,-verbosity,/v,/verbosity",
};
const MAKING: Partial<Record<Takes, string>> = { nothing: "--force", one: "--source --output,-o --version-suffix" };
const PLACED: Partial<Record<Takes, string>> = { one: "--arch,-a --os" };
const FRAMEWORK: Partial<Record<Takes, string>> = { one: "--framework,-f" };
const CONTAINED: Partial<Record<Takes, string>> = { nothing: "--no-self-contained", "a flag": "--self-contained,--sc" };

export const OPTIONS: ReadonlyMap<string, ReadonlyMap<string, Option>> = new Map([
  [
    "restore",
    table(QUIETER, TARGET, RESTORING, PLACED, {
      nothing: "--force,-f --force-evaluate --locked-mode --use-lock-file",
      one: "--lock-file-path --source,-s --verbosity,-v",
    }),
  ],
  [
    "build",
    table(QUIETER, TARGET, RESTORING, BUILDING, MAKING, PLACED, FRAMEWORK, CONTAINED, { nothing: "--no-incremental" }),
  ],
  [
    "publish",
    table(QUIETER, TARGET, RESTORING, BUILDING, MAKING, PLACED, FRAMEWORK, CONTAINED, {
      nothing: "--no-build",
      one: "--manifest",
    }),
  ],
  [
    "pack",
    table(QUIETER, TARGET, RESTORING, BUILDING, MAKING, {
      nothing: "--no-build --include-source --include-symbols --serviceable,-s",
      one: "--version",
    }),
  ],
  [
    "run",
    table(BUILDING, PLACED, FRAMEWORK, CONTAINED, {
      nothing: "--no-build --no-cache --no-launch-profile --list-devices",
      one: "--project --file --device --environment,-e --launch-profile,-lp",
    }),
  ],
  [
    // The second line: of its other runner (`dotnet test` with Microsoft.Testing.Platform).
    "test",
    table(QUIETER, TARGET, BUILDING, PLACED, FRAMEWORK, {
      "a flag": "--no-build --no-launch-profile-arguments",
      nothing: `--blame --blame-crash --blame-crash-collect-always --blame-hang --list-tests,-t
        --no-ansi --no-progress --no-launch-profile`,
      one: `--blame-crash-dump-type --blame-hang-dump-type --blame-hang-timeout --collect --diag,-d --environment,-e --filter
        --logger,-l --output,-o --results-directory --settings,-s --test-adapter-path
        --project --solution --test-modules --root-directory --max-parallel-test-modules --minimum-expected-tests --config-file
        --diagnostic-output-directory`,
    }),
  ],
]);

/** The last one to claim a short name has it. */
function table(...groups: readonly Partial<Record<Takes, string>>[]): ReadonlyMap<string, Option> {
  const entries = [EVERYWHERE, ...groups].flatMap((group) =>
    Object.entries(group).flatMap(([takes, text]) => words(text).flatMap((names) => named(names, takes as Takes))),
  );
  return new Map(entries);
}

function named(names: string, takes: Takes): readonly (readonly [string, Option])[] {
  const [name = "", ...others] = names.split(",");
  return [name, ...others].map((one) => [one, { name, takes }] as const);
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
