/**
 * A process that runs the built program many times (`kept.ts`): to load it takes longer than most of what tests ask of it.
 * Each run gets what `bin.ts` gives it: this process's environment, working folder, home and streams, set as for a process
 * of its own; a run has ended when nothing of it keeps the process alive any more.
 */
import { homedir } from "node:os";
import { setImmediate, setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Asked } from "./kept.ts";
import type { Runtime, Screen } from "../../src/runtime.ts";

type Run = (argv: readonly string[], runtime: Runtime) => Promise<number>;

const [, , program = ""] = process.argv;
const { run } = (await import(pathToFileURL(program).href)) as { readonly run: Run };
process.on("disconnect", () => process.exit());
process.stdout.write("");
process.stderr.write("");
await setTimeout(1);
// What keeps a process alive that has nothing to do: the channel to the tests, and the streams.
const idle = countOf(process.getActiveResourcesInfo());
process.on("message", (asked: Asked) => void answer(asked));
process.send?.({ ready: true });

async function answer({ args, cwd, env, mark }: Asked): Promise<void> {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  const exit = await run(args, {
    cwd: process.cwd(),
    env: process.env,
    home: homedir(),
    signal: new AbortController().signal,
    stdout: screen(process.stdout),
    stderr: screen(process.stderr),
  });
  await nothingLeft();
  for (const stream of [process.stdout, process.stderr]) stream.write(mark);
  process.send?.({ exit });
}

/** A process of its own would end only then. */
async function nothingLeft(): Promise<void> {
  await setImmediate();
  for (;;) {
    const left = countOf(process.getActiveResourcesInfo().filter((name) => name !== "Immediate"));
    if ([...left].every(([name, count]) => count <= (idle.get(name) ?? 0))) return;
    await setTimeout(5, undefined, { ref: false });
  }
}

function countOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function screen(stream: NodeJS.WriteStream): Screen {
  return { write: (text) => void stream.write(text), isTTY: false, columns: 80 };
}
