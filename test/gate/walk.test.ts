import { walk } from "../../src/gate/walk.ts";
import type { Handoff, Host, Part, Plugin, Proven } from "../../src/plugin.ts";
import { artifact } from "../support/policy.ts";
import { part } from "../support/part.ts";
import { expect, it } from "vitest";

const FIRST = part({ artifacts: [artifact("npm:first@1.0.0")], opens: true });
const SECOND = part({ artifacts: [artifact("npm:second@1.0.0")] });
const HANDOFF: Handoff = {
  root: "/p",
  found: [],
  replaces: [],
  prepare: async () => {},
  install: async () => 0,
  compare: async () => {},
};

/** Two parts; writes down what it was handed, and how it ended. */
function opened(log: unknown[]) {
  const plugin = {
    async *stages() {
      try {
        log.push((yield FIRST).map(nameOf), "went on");
        log.push((yield SECOND).map(nameOf));
        return HANDOFF;
      } finally {
        log.push("ended");
      }
    },
  } as Partial<Plugin> as Plugin;
  const request = { purpose: "install", args: [], cwd: "/p" } as const;
  const bounds = { repositoryRoot: "/p", registries: [] };
  return { plugin, project: { request, folder: "/p", root: "/p", found: [], replaces: [] }, bounds };
}

function nameOf({ artifact: one }: Proven): string {
  return one.package.name;
}

async function prove(one: Part): Promise<readonly Proven[]> {
  return Promise.all(one.artifacts.map(async (of) => ({ artifact: of, bytes: await one.obtain(of) })));
}

const host = {} as Host;

it("each part is handed back what was proven of it, and nothing else", async () => {
  const log: unknown[] = [];
  expect(await walk(opened(log), host, prove)).toBe(HANDOFF);
  expect(log).toEqual([["first"], "went on", ["second"], "ended"]);
});

it.each([
  ["the first", 1, ["ended"]],
  ["the last", 2, [["first"], "went on", "ended"]],
] as const)("%s is denied: the plugin never goes on, and there is nothing to hand off", async (_, at, expected) => {
  const log: unknown[] = [];
  let seen = 0;
  expect(await walk(opened(log), host, async (one) => (++seen === at ? null : prove(one)))).toBe(null);
  expect(log).toEqual(expected);
});

it("what goes wrong while judging ends the plugin too", async () => {
  const log: unknown[] = [];
  await expect(walk(opened(log), host, () => Promise.reject(new Error("a bug")))).rejects.toThrow("a bug");
  expect(log).toEqual(["ended"]);
});

it("a plugin sees of the bounds what is meant for it", async () => {
  let seen: unknown = null;
  const { plugin, ...rest } = opened([]);
  const curious = {
    ...plugin,
    async *stages(...[, bounds]: Parameters<Plugin["stages"]>) {
      seen = bounds;
      yield part();
      return null;
    },
  };
  const bounds = { ...rest.bounds, judge: "the policy's own" };
  await walk({ ...rest, plugin: curious, bounds }, host, prove);
  expect(seen).toEqual({ repositoryRoot: "/p", registries: [], archives: [] });
});
