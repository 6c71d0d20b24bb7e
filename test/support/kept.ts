/** One process for the runs of a test file, which are asked of it one after the other; see `kept-process.ts`. */
import { repositoryRoot } from "./root.ts";
import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";

export interface Asked {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Written to both streams when the run has ended. */
  readonly mark: string;
}

export interface Answer {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Kept {
  /** Null while another run is under way, or where the run needs a process of its own. */
  run(asked: Omit<Asked, "mark">): Promise<Answer> | null;
}

/** `npm run tools` makes it. */
const PROCESS = join(repositoryRoot(), ".build", "test", "support", "kept-process.js");

/** Read by Node or by what it is linked with when a process begins. */
const AT_START = /^(?:NODE_|SSL_|OPENSSL_|UV_|LD_|MALLOC_|TZ$|LANG$|LC_)/;

/** `SAFE_INSTALL_TEST_PROCESSES=each`: every run in a process of its own. */
const NONE_KEPT = process.env["SAFE_INSTALL_TEST_PROCESSES"] === "each" || !existsSync(PROCESS);

/** `program`: the file that has `run`; `execArgv`: what Node is told before it. */
export function keptProcess(program: string, execArgv: readonly string[] = []): Kept {
  let busy = false;
  let child: Promise<ChildProcess> | null = null;
  return {
    run(asked) {
      if (NONE_KEPT || busy || Object.keys(asked.env).some((name) => AT_START.test(name))) return null;
      busy = true;
      child ??= begin(program, execArgv);
      return child.then((one) => answerOf(one, asked)).finally(() => (busy = false));
    },
  };

  async function answerOf(one: ChildProcess, asked: Omit<Asked, "mark">): Promise<Answer> {
    const answer = await ask(one, asked);
    if (answer.died) child = null;
    return answer;
  }
}

async function begin(program: string, execArgv: readonly string[]): Promise<ChildProcess> {
  const child = fork(PROCESS, [program], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {},
    execArgv: [...execArgv],
  });
  await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`the process of the tests ended with ${code} before it began`)));
  });
  return child;
}

function ask(child: ChildProcess, asked: Omit<Asked, "mark">): Promise<Answer & { readonly died: boolean }> {
  const mark = `\0${randomUUID()}\0`;
  const heard = { stdout: until(child.stdout, mark), stderr: until(child.stderr, mark) };
  return new Promise((resolve) => {
    const exited = (code: number | null) => void ended(code ?? -1, true);
    const answered = ({ exit }: { readonly exit: number }) => void ended(exit, false);
    child.once("exit", exited);
    child.once("message", answered);
    child.send({ ...asked, mark });

    async function ended(exit: number, died: boolean): Promise<void> {
      child.off("exit", exited);
      child.off("message", answered);
      resolve({ exit, died, stdout: await heard.stdout, stderr: await heard.stderr });
    }
  });
}

/** What a stream says until the mark, or until it ends; without its last line end, as execa gives it. */
function until(stream: ChildProcess["stdout"], mark: string): Promise<string> {
  const chunks: Buffer[] = [];
  const end = Buffer.from(mark);
  return new Promise((resolve) => {
    const hear = (chunk: Buffer) => {
      chunks.push(chunk);
      const at = Buffer.concat(chunks.slice(-2)).includes(end) || chunk.includes(end) ? whole().lastIndexOf(end) : -1;
      if (at >= 0) done(whole().subarray(0, at));
    };
    const closed = () => done(whole());
    const whole = () => Buffer.concat(chunks);
    const done = (bytes: Buffer) => {
      stream?.off("data", hear);
      stream?.off("close", closed);
      resolve(bytes.toString("utf8").replace(/\r?\n$/, ""));
    };
    stream?.on("data", hear);
    stream?.once("close", closed);
  });
}
