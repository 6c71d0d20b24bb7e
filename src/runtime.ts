/** What a command needs of the process it runs in; `bin.ts` gives the real one, tests their own. */
export interface Runtime {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly signal: AbortSignal;
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** `--json`: a command answers with one JSON object instead of text. */
  readonly json?: boolean;
  /** Asks a person for what is not shown while it is typed; absent: nobody is there to ask. */
  readonly askSecret?: (question: string) => Promise<string>;
  /** `--verbose`: takes lines about what is done. */
  readonly say?: (line: string) => void;
}

export interface Screen {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Columns of the terminal; 80 where it is none. */
  readonly columns: number;
}

/** Whether changes of others are judged, and nobody reads what is only said: `CI=true`, and Azure's `TF_BUILD=True`, which sets no `CI`. */
export function isInCi(env: Runtime["env"]): boolean {
  return env["CI"] === "true" || env["TF_BUILD"]?.toLowerCase() === "true";
}
