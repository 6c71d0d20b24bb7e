import { type Command, type Guided, type Host, SafeInstallError } from "../../../src/plugin.ts";
import { asProperties, projectOf, TARGET, type BuildTask } from "./task.ts";
import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * One dotnet for several tasks, one after the other, with whatever we do in between: to start it takes longer than to read a
 * project, and what it has compiled once it does not compile again.
 */
export interface Session {
  /** @throws SafeInstallError DOTNET_FAILED; dotnet has said why on the screen */
  step(around: StartedWith, what: string, task: BuildTask): Promise<void>;
  /** What is said on the screen from here on is dotnet's own. @returns its exit code */
  last(around: StartedWith, task: BuildTask): Promise<number>;
  /** The errors of the tasks so far, as MSBuild writes them. */
  errors(): Promise<string>;
}

/** How dotnet is started: of the first task, for all of them. */
export interface StartedWith extends Omit<Command, "args"> {
  readonly words: readonly string[];
}

/** `words` go to every task. Null where there can be none: then each task has a dotnet of its own. */
export async function openSession(words: readonly string[], host: Host): Promise<Session | null> {
  const { guide } = host;
  if (guide === null) return null;
  const folder = await host.temporary("dotnet-session");
  const errors = join(folder, "errors.txt");
  let count = 0;
  let guided: Guided | null = null;
  return {
    async step(around, what, task) {
      const running = await begun(around);
      if (await hasDone(running, task)) return;
      host.signal.throwIfAborted();
      throw dotnetFailed(what, await running.ended);
    },
    async last(around, task) {
      const running = await begun(around);
      const mark = randomUUID();
      await write(task, process.stdout.isTTY ? null : mark);
      running.show(mark);
      running.tell(LAST);
      return running.ended;
    },
    errors: () => readFile(errors, "utf8").catch(() => ""),
  };

  /** Its first question is asked where this is true. */
  async function begun({ words: others, ...around }: StartedWith): Promise<Guided> {
    if (guided !== null) return guided;
    const file = join(folder, "safe-install.proj");
    await writeFile(file, DRIVER);
    const ours = ["-noAutoResponse", "-nologo", "-v:m", `-t:${TARGET}`, errorsInto(errors)];
    const args = ["msbuild", file, ...ours, ...asProperties(words), ...others];
    guided = guide!({ ...around, args });
    await guided.asks();
    return guided;
  }

  async function hasDone(running: Guided, task: BuildTask): Promise<boolean> {
    await write(task, null);
    running.tell(NEXT);
    return running.asks();
  }

  function write(task: BuildTask, mark: string | null): Promise<void> {
    return writeFile(join(folder, `${++count}.proj`), projectOf(task, mark));
  }
}

/** What a shell ends with where it is told so; it ends with 1 where we are gone. */
const NEXT = "0";
const LAST = "2";
const QUESTION = "echo next &gt;&amp;3 &amp;&amp; read -r told &lt;&amp;3 &amp;&amp; exit $told";

/** Reading, a restore in quarantine, the hand-off. */
const TASKS = [1, 2, 3];

/** A task is a file that is there once it is asked for. */
const DRIVER = `<Project>
  <PropertyGroup><Told0>${NEXT}</Told0></PropertyGroup>
  <Target Name="${TARGET}">
${TASKS.map(
  (
    at,
  ) => `    <Exec Condition="'$(Told${at - 1})' == '${NEXT}'" Command="${QUESTION}" IgnoreExitCode="true" StandardErrorImportance="low">
      <Output TaskParameter="ExitCode" PropertyName="Told${at}" />
    </Exec>
    <MSBuild Condition="'$(Told${at})' == '${NEXT}' or '$(Told${at})' == '${LAST}'" Projects="${at}.proj" Targets="${TARGET}" />`,
).join("\n")}
  </Target>
</Project>
`;

/** Has MSBuild write its errors into a new private file too (learn.microsoft.com, MSBuild command-line reference). */
export function errorsInto(file: string): string {
  return `-flp:logfile=${file};errorsonly;encoding=UTF-8`;
}

export function dotnetFailed(what: string, code: number): SafeInstallError {
  return new SafeInstallError("unavailable", "DOTNET_FAILED", `dotnet could not ${what} (it ended with ${code})`, {
    hint: "what dotnet says above is its own reason; nothing in the project was changed",
  });
}
