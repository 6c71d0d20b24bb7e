import type { Command, Guided } from "../host.ts";
import { withOwnCode } from "./program.ts";
import type { OutputTo } from "./run.ts";
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import type { Duplex, Readable } from "node:stream";

/** Programs under way that ask before each of their steps; `close` ends those that still wait, and waits for them. */
export interface Guide {
  start(command: Command): Guided;
  close(): Promise<void>;
}

/**
 * Descriptor 3 of such a program leads to us in both directions. Where we end, however we end, its question is answered by
 * the end of the stream: none of them waits for ever.
 */
export function createGuide(signal: AbortSignal, output: OutputTo = 1): Guide {
  const all: Started[] = [];
  return {
    start(command) {
      const started = start(command, signal, output);
      all.push(started);
      return started;
    },
    async close() {
      for (const one of all) one.leave();
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}

/** Where a program has what it takes: Windows has no descriptors that a shell could read. */
export const CAN_GUIDE = process.platform !== "win32";

interface Started extends Guided {
  leave(): void;
}

function start({ file, args, cwd, env, shows = false }: Command, signal: AbortSignal, output: OutputTo): Started {
  const onScreen = shows || process.stdout.isTTY;
  const program = spawn(file, [...args], {
    cwd,
    env: withOwnCode(env),
    stdio: ["inherit", onScreen ? output : "pipe", "inherit", "pipe"],
    windowsHide: true,
  });
  const line = program.stdio[3] as Duplex;
  const questions = eachQuestion(line);
  const said = onScreen ? null : hold(program.stdout as Readable, output === 1 ? process.stdout : process.stderr);
  let isOver = false;
  const ended = new Promise<number>((resolve) => {
    program.once("error", () => resolve(NOT_STARTED));
    program.once("close", (code, by) => resolve(code ?? 128 + (by === null ? 0 : constants.signals[by])));
  }).then((code) => {
    isOver = true;
    questions.end();
    if (code !== 0) said?.tellAll();
    signal.removeEventListener("abort", stop);
    return code;
  });
  // Ctrl-C reaches it from the terminal itself; whoever ends us alone means it too.
  function stop(): void {
    program.kill();
    setTimeout(() => isOver || program.kill("SIGKILL"), GRACE_MS).unref();
  }
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return {
    ended,
    asks: () => questions.next(),
    tell: (word) => void line.write(`${word}\n`),
    show: (from) => said?.show(from),
    leave: () => line.destroy(),
  };
}

/** As a shell has it for what cannot be started (POSIX, 2.8.2). */
const NOT_STARTED = 127;
/** What was asked to end itself has this long. */
const GRACE_MS = 5000;

function eachQuestion(line: Duplex) {
  const lines = createInterface({ input: line })[Symbol.asyncIterator]();
  let end = () => {};
  const over = new Promise<false>((resolve) => (end = () => resolve(false)));
  line.on("error", () => {});
  return {
    end: () => end(),
    /** One that ends has asked nothing more. */
    next: () => Promise.race([lines.next().then(({ done }) => done !== true), over]),
  };
}

/** Lines are held until one is exactly this; what follows it goes to the screen. */
function hold(output: Readable, screen: NodeJS.WriteStream) {
  const held: string[] = [];
  let from: string | null = null;
  let isShown = false;
  createInterface({ input: output }).on("line", (text) => {
    if (isShown) screen.write(`${text}\n`);
    else if (from !== null && text.trim() === from) isShown = true;
    else held.push(text);
  });
  return {
    show: (line: string) => void (from = line),
    tellAll: () =>
      void screen.write(
        held
          .splice(0)
          .map((one) => `${one}\n`)
          .join(""),
      ),
  };
}
