import { withHost } from "../../src/commands/with-host.ts";
import { temporaryFolder } from "../support/folder.ts";
import { expect, test } from "vitest";

test("says what others said in visible signs, line by line", async () => {
  let text = "";
  const screen = { write: (more: string) => void (text += more), isTTY: false, columns: 80 };
  const home = temporaryFolder();
  const runtime = { cwd: home, env: {}, home, signal: new AbortController().signal, stdout: screen, stderr: screen };
  await withHost({ offline: true }, runtime, async (host) => {
    host.notice("feed says\u001b]0;title\u0007\n::error::x\n##vso[task.setvariable]y");
    return 0;
  });
  expect(text).toBe("feed says\\u{1b}]0;title\\u{7}\n\\u{3a}:error::x\n#\\u{23}vso[task.setvariable]y\n");
});
