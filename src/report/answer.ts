import type { Runtime } from "../runtime.ts";
import { asJson, forScreen, type Paint, paintFor } from "./text.ts";

interface BothWays {
  /** For people, on a screen of so many columns. */
  readonly text: (paint: Paint, columns: number) => string;
  /** The members that the command has beside `schemaVersion`, `command` and `exit`. */
  readonly json: () => object;
}

/** What a command that judges no whole lock answers, as it was asked for. @returns the exit code */
export function answer(command: string, exit: number, { text, json }: BothWays, runtime: Runtime): number {
  const { stdout, env } = runtime;
  const shown = () => forScreen(text(paintFor(stdout, env), stdout.columns), stdout);
  stdout.write(runtime.json === true ? answerJson(command, exit, json()) : shown());
  return exit;
}

/** The object alone, with a newline. */
export function answerJson(command: string, exit: number, members: object): string {
  return asJson({ schemaVersion: 1, command, exit, ...members });
}
