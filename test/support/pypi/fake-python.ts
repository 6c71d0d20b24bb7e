import type { Python } from "../../../plugins/pip/python/run.ts";
import type { Command } from "../../../src/plugin.ts";
import { temporaryFolder } from "../folder.ts";
import { testHost } from "../npm-session.ts";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a program of ours was told, and with which words it was started. */
export interface Asked {
  readonly job: Readonly<Record<string, unknown>>;
  readonly command: Command;
  /** The program's text. */
  readonly source: string;
}

interface Answer {
  readonly code?: number;
  /** Absent: it ends without one. */
  readonly answer?: unknown;
}

/** An interpreter that starts nothing: each program gets the answer that is made up for it. */
export function fakePython(
  answer: (asked: Asked, at: number) => Answer,
  { offline = false, env = {} }: { readonly offline?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
) {
  const asked: Asked[] = [];
  const notices: string[] = [];
  const real = testHost({ home: temporaryFolder(), offline, env, notices });
  const run = (command: Command) => {
    const [source, file] = command.args.slice(-2) as [string, string];
    const job = JSON.parse(readFileSync(file, "utf8")) as Asked["job"];
    asked.push({ job, command, source: readFileSync(source, "utf8") });
    const { code = 0, ...rest } = answer(asked.at(-1)!, asked.length - 1);
    if ("answer" in rest) writeFileSync(String(job["answer"]), JSON.stringify(rest.answer));
    return Promise.resolve(code);
  };
  const root = temporaryFolder();
  const [cwd, folder] = [join(root, "project"), join(root, "private")];
  for (const one of [cwd, folder]) mkdirSync(one);
  const python: Python = { file: "/usr/bin/python3", cwd, project: cwd, folder, host: { ...real, run } };
  return { python, asked, notices };
}
