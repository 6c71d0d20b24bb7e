import { inRounds, type Round } from "../../src/author/rounds.ts";
import type { Draft } from "../../src/author/draft.ts";
import type { Standing } from "../../src/author/propose/standing.ts";
import type { Runtime } from "../../src/runtime.ts";
import { facts, ref } from "../support/policy.ts";
import { expect, it } from "vitest";

function standing(name: string, status: Standing["status"]): Standing {
  const sighting = {
    package: ref(`npm:${name}@1.0.0`),
    digests: [],
    found: { kind: "none" },
    facts: facts(`npm:${name}@1.0.0`),
  } as unknown as Standing["sighting"];
  return { sighting, status, denials: [], heldBy: null };
}

/** One that pins the first of the names; the others stay outside. */
function round(text: string, [pinned = "", ...open]: readonly string[], isWhole: boolean): Round {
  const after = open.map((name) => standing(name, "new"));
  const drafted = {
    standings: [standing(pinned, "new"), ...after],
    after,
    survey: { unbound: [], lockfiles: ["package-lock.json"] },
    foundation: { shown: ".signing-policy.json", text: "{}" },
    typed: { command: null, policy: null },
    plan: {
      pinned: [{ signer: pinned, standing: standing(pinned, "new") }],
      added: new Set([pinned]),
      recorded: new Map(),
      policy: { signers: { [pinned]: { githubActions: { repository: `acme/${pinned}` } } } },
    },
    looks: [],
    pruned: [],
    policyText: "{}",
    recordedText: null,
  } as unknown as Draft;
  return { found: { isWhole, wouldRun: [] }, drafted, written: [`policy-${pinned}`], text: () => text };
}

async function answered(rounds: readonly Round[], { json = false, quiet = false } = {}) {
  let out = "";
  const screen = { write: (text: string) => void (out += text), isTTY: false, columns: 80 };
  const runtime = { env: {}, stdout: screen, stderr: screen, json } as unknown as Runtime;
  const left = [...rounds];
  const look = () => Promise.resolve(left.shift() ?? round("too many", ["x"], true));
  return { exit: await inRounds({ command: "init", quiet }, look, runtime), out };
}

const TWO = [round("one\n", ["a", "open"], false), round("two\n", ["b"], true)];

it("each round is read as it comes, and the last one's exit code counts", async () => {
  expect(await answered(TWO)).toEqual({ exit: 0, out: "one\ntwo\n" });
  expect(await answered([round("one\n", ["a", "open"], true)])).toEqual({ exit: 65, out: "one\n" });
});

it("a program reads one object, of all rounds", async () => {
  const { exit, out } = await answered(TWO, { json: true });
  expect(exit).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    command: "init",
    exit: 0,
    written: ["policy-a", "policy-b"],
    signers: { a: {}, b: {} },
    packages: [{ purl: "pkg:npm/a@1.0.0" }, { purl: "pkg:npm/b@1.0.0" }],
    open: [],
  });
});

it("quietly: only what stays outside", async () => {
  expect(await answered(TWO.slice(1), { quiet: true })).toEqual({ exit: 0, out: "" });
  const { out } = await answered([round("one\n", ["a", "open"], true)], { quiet: true });
  expect(out).toMatch(/^Not pinned \(1\):\n {2}✗ npm:open@1\.0\.0 {2}new\n/);
});
