/** A folder with files to sign, and `safe-install sign` in this process. */
import { run } from "../../src/cli.ts";
// Loaded before the tests, as far as each of them would: what a slow machine takes for it is not a test's time.
import "../../src/commands/check.ts";
import "../../src/commands/sign/check.ts";
import "../../src/commands/sign/index.ts";
import "../../src/commands/sign/keyless.ts";
import "../../src/commands/sign/keys.ts";
import "../../src/commands/verify/index.ts";
import "../../src/sign/keyless/certificate.ts";
import { isolated } from "./cli.ts";
import { putInto, temporaryFolder } from "./folder.ts";
import { noteHints } from "./hints.ts";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface SigningWorld {
  /** Absolute. */
  readonly folder: string;
  put(path: string, content: string | Buffer | Record<string, unknown>): void;
  bundle(file: string): Record<string, unknown>;
  /** The audit log's lines. */
  audited(file?: string): readonly Record<string, unknown>[];
  files(): readonly string[];
  run(args: readonly string[], how?: SigningHow): Promise<SigningRan>;
}

interface SigningHow {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly askSecret?: (question: string) => Promise<string>;
}

export interface SigningRan {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function signingWorld(): SigningWorld {
  const [folder, home] = [temporaryFolder(), temporaryFolder()];
  return {
    folder,
    put: (path, content) => {
      putInto(folder, path, Buffer.isBuffer(content) ? "" : content);
      if (Buffer.isBuffer(content)) writeFileSync(join(folder, path), content);
    },
    bundle: (file) =>
      JSON.parse(readFileSync(join(folder, `${file}.sigstore.json`), "utf8")) as Record<string, unknown>,
    audited: (file = "audit.jsonl") =>
      readFileSync(join(folder, file), "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    files: () => readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted(),
    run: async (args, { env = {}, askSecret } = {}) => {
      let [stdout, stderr] = ["", ""];
      const screen = (take: (text: string) => void) => ({ write: take, isTTY: false, columns: 120 });
      const exit = await run(args, {
        cwd: folder,
        env: { ...isolated(home), ...env },
        home,
        signal: new AbortController().signal,
        stdout: screen((text) => void (stdout += text)),
        stderr: screen((text) => void (stderr += text)),
        ...(askSecret === undefined ? {} : { askSecret }),
      });
      noteHints({ stdout, stderr });
      return { exit, stdout, stderr };
    },
  };
}

/** OpenSSL's own program, which has seen none of our code. */
export function openssl(folder: string, ...args: readonly string[]): string {
  return execFileSync("openssl", [...args], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** So many days from now, as a policy writes a day. */
export function isoDay(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
