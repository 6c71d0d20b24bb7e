import { leftOpen, silence } from "../../../src/author/words/left-open.ts";
import type { Draft } from "../../../src/author/draft.ts";
import type { Standing } from "../../../src/author/propose/standing.ts";
import { facts, ref } from "../../support/policy.ts";
import { expect, it } from "vitest";

const plain = (_: string, text: string) => text;

function silent(name: string, host: string, reason: string): Standing {
  const location = `https://${host}/attestations/${name}`;
  const sighting = {
    package: ref(`npm:${name}@1.0.0`),
    digests: [],
    found: { kind: "unknown", reason, location },
    facts: facts(`npm:${name}@1.0.0`),
  } as const;
  return { sighting, status: "unknown", denials: [], heldBy: null };
}

function draftOf(after: readonly Standing[], unbound: readonly object[] = []): Draft {
  return {
    standings: after,
    after,
    survey: { unbound },
    typed: { command: null, policy: null },
    plan: { pinned: [] },
  } as unknown as Draft;
}

it("a registry that gives no answer is said once, of all its packages", () => {
  const of = ["a", "b", "c", "d", "e", "f"].map((name) => silent(name, "npm.example", "ECONNREFUSED"));
  const lines = leftOpen(draftOf([...of, silent("z", "other.example", "answered 500")]), plain, 80);
  expect(lines).toEqual([
    "",
    "Not pinned (7):",
    "  ✗ 6 packages  unavailable",
    "      https://npm.example: ECONNREFUSED",
    "      npm:a@1.0.0, npm:b@1.0.0, npm:c@1.0.0, npm:d@1.0.0, npm:e@1.0.0 and 1 more",
    "  ✗ npm:z@1.0.0  unavailable",
    "      https://other.example/attestations/z: answered 500",
  ]);
});

it("different reasons are different lines, and two packages are two blocks", () => {
  const of = [silent("a", "npm.example", "answered 500"), silent("b", "npm.example", "ECONNREFUSED")];
  expect(leftOpen(draftOf(of), plain, 80)).toHaveLength(6);
});

it("why nothing was written: each reason once, the first two of them", () => {
  const of = ["a", "b", "c"].map((name) => silent(name, "npm.example", "ECONNREFUSED"));
  expect(silence(draftOf(of))).toBe("https://npm.example: ECONNREFUSED");
  const unbound = [{ package: null, location: "requests", denial: { code: "LOCK_UNSUPPORTED", message: "no hash" } }];
  expect(silence(draftOf(of.slice(0, 1), unbound))).toBe("https://npm.example: ECONNREFUSED, requests: no hash");
  const more = [...of, silent("d", "a.example", "x"), silent("e", "b.example", "y")];
  expect(silence(draftOf(more))).toMatch(/ and 1 more$/);
});
