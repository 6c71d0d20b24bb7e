import { createTemporary } from "../../src/io/host.ts";
import { temporaryFolder } from "../support/folder.ts";
import { DEAD } from "../support/transaction.ts";
import { existsSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

let state: string;
beforeEach(() => {
  state = temporaryFolder();
});

const notes = () => readdirSync(join(state, "temporary")).map((name) => join(state, "temporary", name));

/** What a killed run leaves: its folder, and the note of who made it. */
async function left(change: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const folder = await createTemporary(state).make("x");
  for (const note of notes()) {
    const { process: owner, ...rest } = JSON.parse(readFileSync(note, "utf8")) as { readonly process: object };
    writeFileSync(note, JSON.stringify({ ...rest, process: { ...owner, id: DEAD }, ...change }));
  }
  return folder;
}

async function nextRun(): Promise<void> {
  const next = createTemporary(state);
  await next.make("y");
  await next.removeAll();
}

describe("temporary folders", () => {
  it("are private, and go with the run", async () => {
    const run = createTemporary(state);
    const folders = [await run.make("a"), await run.make("a")];
    expect(new Set(folders).size).toBe(2);
    expect(statSync(dirname(folders[0] ?? "")).mode & 0o777).toBe(0o700);
    await run.removeAll();
    expect(existsSync(dirname(folders[0] ?? ""))).toBe(false);
    expect(notes()).toEqual([]);
  });

  it("of a run that was killed are removed by the next", async () => {
    const folder = await left();
    await nextRun();
    expect(existsSync(dirname(folder))).toBe(false);
    expect(notes()).toEqual([]);
  });

  it("of a run that is at work stay", async () => {
    const run = createTemporary(state);
    const folder = await run.make("x");
    await nextRun();
    expect(existsSync(folder)).toBe(true);
    await run.removeAll();
  });

  it("are never what a note only names: another name, a link", async () => {
    const victim = temporaryFolder();
    writeFileSync(join(victim, "mine"), "mine");
    await left({ folder: victim });
    await nextRun();
    const folder = dirname(await left());
    renameSync(folder, join(temporaryFolder(), "moved"));
    symlinkSync(victim, folder);
    await nextRun();
    expect(readdirSync(victim)).toEqual(["mine"]);
    expect(notes()).toEqual([]);
  });

  it("need no state folder that can be written", async () => {
    const run = createTemporary(join(state, "file"));
    writeFileSync(join(state, "file"), "");
    expect(existsSync(await run.make("x"))).toBe(true);
    await run.removeAll();
  });
});

// On 5e65d5c that was a bug of ours, although Python and pip find the other one.
it.skipIf(process.platform === "win32")(
  "private folders lie in the other place where the first may not be written",
  async () => {
    const [state, before] = [temporaryFolder(), process.env["TMPDIR"]];
    process.env["TMPDIR"] = join(state, "none");
    try {
      const run = createTemporary(state);
      expect((await run.make("x")).startsWith("/var/tmp/safe-install-")).toBe(true);
      await run.removeAll();
    } finally {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
    }
  },
);
