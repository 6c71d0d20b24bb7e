/** A process that reads many locks one after the other: a JSON object a line each way. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Driven<T> {
  /** What it answers each text with; null: its tool refuses the lock. */
  readonly ask: (texts: readonly string[]) => Promise<readonly (readonly T[] | null)[]>;
  /** Why it refused the last one; empty where it did not. */
  readonly why: () => string;
  readonly close: () => void;
}

interface Answer<T> {
  readonly installs?: readonly T[];
  readonly refused?: string;
}

export function drive<T>(
  [file, ...words]: readonly [string, ...string[]],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Driven<T> {
  const child = spawn(file, words, { cwd, env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
  // A write after its end fails with what it said.
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let why = "";
  return {
    async ask(texts) {
      const found: (readonly T[] | null)[] = [];
      for (const text of texts) {
        child.stdin.write(`${JSON.stringify({ text })}\n`);
        const line = await lines.next();
        if (line.done === true) throw new Error(`${file} ended: ${said}`);
        const { installs, refused = "" } = JSON.parse(line.value) as Answer<T>;
        why = refused;
        found.push(installs ?? null);
      }
      return found;
    },
    why: () => why,
    close: () => child.kill(),
  };
}
