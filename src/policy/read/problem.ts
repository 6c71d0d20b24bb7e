import { SafeInstallError } from "../../errors.ts";

/** One thing that is wrong with a file. `path` leads to it from the document's root. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A problem with its place, 1-based; columns count UTF-16 units. */
export interface PlacedProblem extends Problem {
  readonly line: number;
  readonly column: number;
}

/** A policy or recorded file that is not what it must be. Its message lists every problem as `file:line:column: path: what`. */
export class PolicyFileError extends SafeInstallError {
  readonly file: string;
  readonly problems: readonly PlacedProblem[];

  constructor(
    code: "POLICY_SYNTAX" | "POLICY_INVALID",
    file: string,
    problems: readonly PlacedProblem[],
    hint: string,
  ) {
    super("policy", code, problems.map((problem) => lineOf(file, problem)).join("\n"), { hint });
    this.name = "PolicyFileError";
    this.file = file;
    this.problems = problems;
  }
}

function lineOf(file: string, { line, column, path, message }: PlacedProblem): string {
  const where = formatPath(path);
  return `${file}:${line}:${column}: ${where === "" ? "" : `${where}: `}${message}`;
}

/** `rules[0].signedBy[1]` */
export function formatPath(path: readonly (string | number)[]): string {
  return path
    .map((step) =>
      typeof step === "number"
        ? `[${step}]`
        : /^[A-Za-z_$][\w$]*$/.test(step)
          ? `.${step}`
          : `[${JSON.stringify(step)}]`,
    )
    .join("")
    .replace(/^\./, "");
}
