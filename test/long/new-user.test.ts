/** What somebody does in the first hour, with a lock of 900 packages: the commands are those of README, typed into a shell. */
import { POLICY } from "../../src/help/author.ts";
import { CORPUS, corpusText, hasCorpus } from "../support/corpus.ts";
import { temporaryFolder } from "../support/folder.ts";
import { page } from "../support/pages.ts";
import { writeProject } from "../support/project.ts";
import { startRegistry } from "../support/registry.ts";
import { type } from "../support/session.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

const REAL = { name: "@laurentsimon/provenance-npm-test", version: "1.0.5" };

/** The page has these very words: as a line of a session, or in its text. */
function copied(command: string): string {
  const { blocks, text } = page("README.md");
  const shown = [text, ...blocks.map((block) => block.text)].some((one) => one.includes(command));
  if (!shown) throw new Error(`README does not have: ${command}`);
  return command;
}

it.skipIf(!hasCorpus)("init, check, install, a denied update, and an exception", async () => {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  const folder = `npm/${REAL.name}@${REAL.version}`;
  registry.publish({
    ...REAL,
    tarball: readFileSync(join(CORPUS, `${folder}/provenance-npm-test-1.0.5.tgz`)),
    attestations: { status: 200, body: corpusText(`${folder}/attestations.json`) },
  });
  for (const version of ["6.0.0", "7.0.0"]) registry.publish({ name: "is-number", version });
  const others = Array.from({ length: 898 }, (_, at) => ({ name: `package-${at}`, version: "1.0.0" }));
  for (const one of others) registry.publish(one);
  const [home, project] = [temporaryFolder(), join(temporaryFolder(), "shop")];
  writeProject(project, registry, { locked: [REAL, { name: "is-number", version: "7.0.0" }, ...others] });

  const typed = [
    copied("safe-install init --record"),
    copied("safe-install check"),
    copied("safe-install npm ci"),
    copied("npm install --package-lock-only --ignore-scripts is-number@6.0.0"),
    copied("safe-install npm ci"),
    copied("safe-install explain NAME").replace("NAME", "is-number"),
    exception("is-number@6.0.0", "NOT_RECORDED"),
    copied("safe-install npm ci"),
  ];
  const did = await type(typed, { folder: project, home });
  const expected: readonly (readonly [number, string])[] = [
    [0, "✓ wrote .signing-recorded.json and .signing-policy.json"],
    [0, "900 packages: 1 publisher verified, 899 pinned by hash"],
    [0, "added 900 packages"],
    [0, ""],
    [65, "✗ npm:is-number@6.0.0   NOT_RECORDED"],
    [65, "npm:is-number@6.0.0 is denied"],
    [0, "✓ wrote .signing-policy.json"],
    [0, "1 by an exception"],
  ];
  for (const [at, [exit, words]] of expected.entries()) {
    const { printed = "", exit: ended } = did[at] ?? {};
    expect([typed[at], ended, printed]).toEqual([typed[at], exit, expect.stringContaining(words)]);
    // Nobody reads a screen for each of 900 packages.
    expect(printed.split("\n").length, typed[at]).toBeLessThan(60);
  }
});

/** As the page of help has it, for another package and another code. */
function exception(name: string, code: string): string {
  const [shown = ""] = /safe-install policy except left-pad@1\.3\.0[^]*?--write/.exec(POLICY) ?? [];
  return shown
    .replaceAll(/\\\n\s*/g, "")
    .replace("left-pad@1.3.0", name)
    .replace("NO_EVIDENCE", code);
}
