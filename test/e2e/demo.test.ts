import { repositoryRoot } from "../support/root.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { describe, expect, test } from "vitest";

const DEMO = join(repositoryRoot(), ".build", "test", "demo", "index.js");

describe("npm run demo", () => {
  test("every scene comes out as announced, in plain lines, and nothing stays behind", async () => {
    const { temporary, ended } = startDemo();
    const { exit, output } = await ended;
    expect(output).toMatch(/✓ [456] scenes in \d+ s/);
    expect(exit).toBe(0);
    const inOrder = [
      "paid to ACME",
      "UNTRUSTED_SIGNER",
      "acme/playground",
      "node_modules is byte for byte what it was",
      "paid to Mallory",
      "SUBJECT_MISMATCH",
      "node_modules is byte for byte what it was",
      "! audit:",
    ];
    let at = 0;
    for (const line of inOrder) {
      expect(output.indexOf(line, at), line).toBeGreaterThan(-1);
      at = output.indexOf(line, at) + line.length;
    }
    expect(output.split("\n").length).toBeLessThan(180);
    expect(output).not.toContain("\u001B");
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("Ctrl-C in the middle ends it with 130 and leaves nothing behind", async () => {
    const { temporary, child, ended } = startDemo();
    child.stdout.on("data", (text: string) => {
      if (text.includes("$ safe-install npm ci")) child.kill("SIGINT");
    });
    const { exit } = await ended;
    expect(exit).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

function startDemo() {
  if (!existsSync(DEMO)) throw new Error("the demo is not compiled: run `npm run build && npm run tools` first");
  const temporary = temporaryFolder();
  const child = spawn(process.execPath, [DEMO], {
    env: { ...process.env, TMPDIR: temporary, FORCE_COLOR: undefined },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { temporary, child, ended: endOf(child) };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

async function endOf(child: Child): Promise<{ exit: number | null; output: string }> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => (output += text));
  }
  const [exit] = (await once(child, "close")) as [number | null];
  return { exit, output };
}
