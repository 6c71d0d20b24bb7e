import { type Started, start } from "../interrupted.ts";
import { makeProject } from "./distributions.ts";
import type { Stage } from "./stage.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Writes a project whose build begins once pip has installed `steady`, and does not end by itself. @returns the file that then is there */
export function writeWaiting(here: Stage): string {
  const mark = join(here.home, "mark");
  const files = makeProject({ name: "mine", version: "1.0.0", requires: ["steady"], mark, waitsFor: "steady" });
  for (const [path, text] of Object.entries(files)) here.write(path, text);
  return mark;
}

/** An installation that is in the middle of pip's work. */
export async function startWaiting(here: Stage, words: readonly string[]): Promise<Started> {
  const mark = writeWaiting(here);
  const run = start([here.environment.pip, ...words], {
    cwd: here.project,
    home: here.home,
    env: { PIP_DISABLE_PIP_VERSION_CHECK: "1" },
  });
  await until(() => existsSync(mark) || run.child.exitCode !== null);
  return run;
}

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((done) => setTimeout(done, 20));
}
