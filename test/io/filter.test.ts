import { filter } from "../../src/io/filter.ts";
import { temporaryFolder } from "../support/folder.ts";
import { expect, it } from "vitest";

const program = (code: string) => ({ file: process.execPath, args: ["-e", code], cwd: process.cwd(), env: {} });
const OPTIONS = { input: Buffer.from("in"), maxBytes: 100, timeoutMs: 60_000, signal: new AbortController().signal };
const options = () => ({ ...OPTIONS, folder: temporaryFolder() });
const ECHO = "process.stdin.pipe(process.stdout)";

it("gives a program bytes, and takes its own", async () => {
  const input = Buffer.from([0, 255, 10, 13, 128]);
  expect(await filter(program(ECHO), { ...options(), input })).toEqual({ output: input });
});

it("a program may open its standard input by name", async () => {
  const reads = program("process.stdout.write(require('fs').readFileSync('/dev/stdin'))");
  expect(await filter(reads, options())).toEqual({ output: OPTIONS.input });
});

it("one that reads nothing is no failure", async () => {
  expect(await filter(program("process.stdout.write('x')"), { ...options(), input: Buffer.alloc(1_000_000) })).toEqual({
    output: Buffer.from("x"),
  });
});

it.each([
  ["an exit code", program("process.exit(3)"), "exit code 3"],
  [
    "too much",
    program("process.stdout.write('x'.repeat(101)); setInterval(() => {}, 1000)"),
    "wrote more than 100 bytes",
  ],
  ["no such program", { ...program(""), file: "/nonexistent/program" }, "ENOENT"],
])("%s is said", async (_, command, failed) => expect(await filter(command, options())).toEqual({ failed }));

it("one that does not end is ended", async () => {
  const hangs = program("setInterval(() => {}, 1000)");
  expect(await filter(hangs, { ...options(), timeoutMs: 50 })).toEqual({ failed: "took longer than 0.05 s" });
  const stop = new AbortController();
  const ended = filter(hangs, { ...options(), signal: stop.signal });
  stop.abort(new Error("SIGINT"));
  expect(await ended).toEqual({ failed: "interrupted" });
});
