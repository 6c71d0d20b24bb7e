import { outputOf, withHost } from "../../src/commands/with-host.ts";
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

test.each([
  ["nothing that a program reads", {}, {}, 1],
  ["an answer of one object", {}, { json: true }, 2],
  ["a SARIF document", { reports: [{ format: "sarif", file: null }] }, {}, 2],
  ["annotations, which are lines among others", { reports: [{ format: "github", file: null }] }, {}, 1],
  ["not the place of a document, which goes to a file", { reports: [{ format: "sarif", file: "out" }] }, {}, 1],
] as const)("standard output is %s: where programs write what they write to theirs", (_, options, common, output) => {
  expect(outputOf(options, common)).toBe(output);
});
