/** A server that lets every answer drip is ended in time on each supported line of Node, not on the one that runs here alone. */
import { repositoryRoot } from "../support/root.ts";
import { nodeOf, versionOf } from "../support/node-line.ts";
import { temporaryFolder } from "../support/folder.ts";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = repositoryRoot();
const TEST = "test/io/requests/requests.test.ts";

interface Reported {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly duration?: number | null;
    }[];
  }[];
}

it.each(["here", "22", "24"])("Node %s: every deadline holds", (line) => {
  const node = line === "here" ? process.execPath : nodeOf(line, temporaryFolder());
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const words = [vitest, "run", "--project", "unit", TEST, "-t", "a deadline holds", "--reporter", "json"];
  const output = execFileSync(node, words, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const { testResults } = JSON.parse(output.slice(output.indexOf("{"))) as Reported;
  const held = testResults.flatMap((one) => one.assertionResults).filter(({ status }) => status !== "skipped");
  const version = versionOf(node);
  for (const { title, status, duration } of held)
    console.log(`${version.padEnd(9)} ${status} ${String(Math.round(duration ?? 0)).padStart(6)} ms  ${title}`);
  expect(held.length).toBeGreaterThan(6);
  expect(held.filter(({ status }) => status !== "passed")).toEqual([]);
});
