import { neutralEnvironment } from "../../../../plugins/pip/python/run.ts";
import { runPython } from "../../../../plugins/pip/python/run.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { testHost } from "../../../support/npm-session.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

it("an interpreter that cannot hold pip to anything is refused by its version", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "python");
  writeFileSync(file, `#!/bin/sh\nfor job; do :; done\necho '{"tooOld":"3.7.16"}' > "$job.answer"\n`, { mode: 0o755 });
  const host = testHost({ home: folder });
  const asked = runPython({ file, cwd: folder, project: folder, folder, host }, { source: "", job: {}, bare: true });
  await expect(asked).rejects.toMatchObject({ code: "PYTHON_TOO_OLD", message: expect.stringContaining("3.7.16") });
});

it("nothing of the user's pip and Python reaches the hand-off's pip", () => {
  const env = neutralEnvironment({ PIP_INDEX_URL: "https://i.example", PYTHONPATH: "/x", PATH: "/bin" });
  expect(Object.hasOwn(env, "PIP_INDEX_URL") && Object.hasOwn(env, "PYTHONPATH")).toBe(true);
  expect(env).toMatchObject({ PIP_INDEX_URL: undefined, PYTHONPATH: undefined, PIP_NO_INDEX: "1" });
  expect(Object.hasOwn(env, "PATH")).toBe(false);
});
