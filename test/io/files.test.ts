import { readBounded } from "../../src/io/files.ts";
import { temporaryFolder } from "../support/folder.ts";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

it("a file is read up to a bound", async () => {
  const path = join(temporaryFolder(), "file");
  writeFileSync(path, "four");
  expect((await readBounded(path, { maxBytes: 4 }))?.toString()).toBe("four");
  await expect(readBounded(path, { maxBytes: 3 })).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
  expect(await readBounded(join(path, "below"), { maxBytes: 4 })).toBeNull();
});

it("a named pipe is not waited for", async () => {
  const path = join(temporaryFolder(), "pipe");
  execFileSync("mkfifo", [path]);
  await expect(readBounded(path, { maxBytes: 4 })).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
});
