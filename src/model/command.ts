export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** An interruption does not end it: it puts things back. */
  readonly toTheEnd?: boolean;
  /** Absolute: a new file that takes what it writes to its output, and it reads nothing; absent: our standard streams. */
  readonly log?: string;
  /** Guided, it writes to our streams at once: nothing is held back. */
  readonly shows?: boolean;
}

/** Takes one line without its end; `say` writes to the program. @returns whether that was all */
export type Hear = (line: string, say: (text: string) => void) => boolean;

/** A program that writes a line to its descriptor 3 where it asks, and reads one from there. */
export interface Guided {
  /** Its next question; false: it has ended. */
  asks(): Promise<boolean>;
  tell(word: string): void;
  /**
   * Of what it writes to its output, only what follows this line is shown; all of it where it fails before that. Where our output
   * is a terminal it is the program's own.
   */
  show(from: string): void;
  /** Its exit code, as `run` has it; 127 where it could not be started. */
  readonly ended: Promise<number>;
}
