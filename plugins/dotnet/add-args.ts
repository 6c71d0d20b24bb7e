import type { Invocation } from "../../src/plugin.ts";

/** What `dotnet add [PROJECT] package ID ...` or `dotnet package add ID ... [--project PROJECT]` asks for. */
interface Addition {
  readonly target: string | null;
  /** Of `dotnet add PROJECT package`, without the project. */
  readonly words: readonly string[];
}

/** Pure: looks at the words alone. Null: another command. */
export function classifyAdd(args: readonly string[]): Invocation | null {
  const split = splitAdd(args);
  if (split === null) return null;
  if (split.what === "reference") return { kind: "pass" };
  const read = readAddition(args);
  if ("refused" in read) return { kind: "refuse", reason: read.refused, hint: HINT };
  return { kind: "gate" };
}

const HINT = "gated: add package ID [--version VERSION] [--framework FRAMEWORK] [--prerelease]";

interface Split {
  readonly what: "package" | "reference";
  readonly project: string | null;
  readonly rest: readonly string[];
}

function splitAdd(args: readonly string[]): Split | null {
  const [first, second, third, ...rest] = args;
  if (first === "package" && second === "add") return { what: "package", project: null, rest: args.slice(2) };
  if (first !== "add") return null;
  if (second === "package" || second === "reference") return { what: second, project: null, rest: args.slice(2) };
  if (second !== undefined && (third === "package" || third === "reference"))
    return { what: third, project: second, rest };
  return null;
}

/** Options that take a word, and go to dotnet as they are. */
const WITH_VALUE: ReadonlySet<string> = new Set(["-v", "--version", "-f", "--framework"]);
const ALONE: ReadonlySet<string> = new Set(["--prerelease", "--interactive"]);

/** Reads the words. @returns what cannot be gated where something cannot */
export function readAddition(args: readonly string[]): Addition | { readonly refused: string } {
  const split = splitAdd(args);
  if (split === null) throw new TypeError("another command is never opened as an addition");
  let { project } = split;
  const words: string[] = [];
  let ids = 0;
  for (let at = 0; at < split.rest.length; at++) {
    const word = split.rest[at] ?? "";
    const [name = "", value] = word.startsWith("-") ? word.split(/[=:](.*)/s, 2) : [word];
    if (name === "--project") project = value ?? split.rest[++at] ?? null;
    else if (WITH_VALUE.has(name)) {
      const stated = value ?? split.rest[++at] ?? "";
      // On its own dotnet would take it for a response file.
      if (stated.startsWith("@")) return { refused: `${name} ${stated} is no version or framework` };
      words.push(name, stated);
    } else if (ALONE.has(word)) words.push(word);
    else if (word.startsWith("-") || word.startsWith("@") || word.startsWith("/")) return { refused: refusal(name) };
    else if (++ids > 1) return { refused: `"${word}" is one word more than one package` };
    else words.push(word);
  }
  if (ids === 0) return { refused: "no package is named" };
  if (project?.endsWith(".cs") === true) return { refused: "a file-based program names its packages in its own text" };
  return { target: project, words };
}

function refusal(name: string): string {
  if (name === "--source" || name === "-s") return `${name} names a source for this once only; say it in NuGet.config`;
  if (name === "--no-restore" || name === "-n") return `with ${name} nothing is judged; edit the project instead`;
  if (name === "--package-directory") return `${name} would lead the restore past the gate`;
  if (name === "--file") return "a file-based program names its packages in its own text";
  return `${name} is not understood`;
}
