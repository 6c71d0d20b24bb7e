/** `safe-install trust`, and a year of a root's life: what a run does with an old root, and what it then holds. */
import { safeInstall } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { page } from "../support/pages.ts";
import { type Registry, startRegistry } from "../support/registry.ts";
import { createInstance, publishSigned } from "../support/signed.ts";
import type { Instance } from "../support/sigstore.ts";
import { age, rootBytes, trustWorld } from "../support/trust-world.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const DAY = 86_400_000;
let registry: Registry;
let [before, since]: Instance[] = [];

beforeAll(async () => {
  registry = await startRegistry();
  [before, since] = await Promise.all([
    createInstance({ name: "before.test", curve: "P-256" }),
    createInstance({ name: "since.test", curve: "P-256" }),
  ]);
  await publishSigned(registry, since, { name: "widget", version: "1.0.0" });
});
afterAll(() => registry.close());

/** Its package is signed since; its repository serves the root of before. */
const world = (entry: object = {}, served: Instance | undefined = before) => trustWorld(registry, served, entry);

describe("a year", () => {
  it("denied without a refresh, allowed with one, and then behind a broken mirror; 69 behind a frozen one under maxAge", async () => {
    const { mirror, home, run } = await world({ maxAge: "30d" });
    expect((await run(["trust", "update"])).stdout).toContain("✓ test  current (root 1, timestamp 1)");
    mirror.publish({ "trusted_root.json": rootBytes(since) });
    age(home, 2);
    const denied = await run(["check"], { refreshes: false });
    expect([denied.exit, denied.stdout]).toEqual([65, expect.stringContaining("NO_EVIDENCE")]);
    expect(await run(["check"])).toMatchObject({ exit: 0 });
    mirror.instead.set("timestamp.json", null);
    expect(await run(["check"])).toMatchObject({ exit: 0 });
    // Frozen: what it serves was good once.
    mirror.instead.clear();
    mirror.publish({ "trusted_root.json": rootBytes(since) }, { expires: { timestamp: new Date(Date.now() - DAY) } });
    age(home, 29);
    expect(await run(["check"])).toMatchObject({ exit: 0 });
    age(home, 31);
    const frozen = await run(["check"]);
    expect([frozen.exit, frozen.stdout]).toEqual([69, expect.stringContaining("longer than the policy's maxAge")]);
    expect(frozen.stdout.replaceAll(/\s+/g, " ")).toContain("it is frozen, or the clock is wrong");
  });
});

describe("trust", () => {
  it("show says which roots count, from where, how old and until when, and asks nobody", async () => {
    const { mirror, home, run } = await world();
    const { exit, stdout } = await run(["trust"]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^public-good {2}as it came with safe-install; http:\/\/127\.0\.0\.1:9\n/);
    expect(stdout).toContain(`test  not here yet; ${mirror.mirror}`);
    expect(stdout).toContain("npm:signatures");
    expect(mirror.asked).toEqual([]);
    await run(["trust", "update"]);
    age(home, 3);
    const json = JSON.parse((await run(["trust", "show", "--json"])).stdout) as { roots: Record<string, unknown>[] };
    expect(json.roots.map(({ name, from }) => [name, from])).toEqual([
      ["public-good", "built-in"],
      ["github", "built-in"],
      ["test", "refreshed"],
    ]);
    expect(json.roots[2]).toMatchObject({
      mirror: mirror.mirror,
      checkedAt: expect.stringMatching(/Z$/),
      warnings: [],
    });
    expect(json.roots[2]?.["logs"]).toHaveLength(2);
    expect((await run(["trust", "show"])).stdout).toContain(`test  last checked 3 days ago; ${mirror.mirror}`);
  });

  it("pin and update carry a root over an air gap: by the chain, never an older one", async () => {
    const { mirror, project, home, run } = await world();
    const apart = join(home, "../apart");
    await run(["trust", "update"]);
    const pinned = await run(["trust", "pin", "old.json"]);
    expect(pinned).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/^old\.json: test\nsha256:[0-9a-f]{64}$/),
    });
    mirror.rotate("timestamp");
    mirror.publish({ "trusted_root.json": rootBytes(since) });
    await run(["trust", "update"]);
    const again = await run(["trust", "pin", "new.json", "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({
      command: "trust pin",
      exit: 0,
      file: "new.json",
      roots: ["test"],
    });
    const take = (file: string, more: readonly string[] = []) =>
      run(["trust", "update", "--offline-bundle", file, ...more], { refreshes: false, home: apart });
    expect(await take("old.json")).toMatchObject({ exit: 0 });
    expect(await take("new.json")).toMatchObject({ exit: 0, stdout: "✓ test  current (root 2, timestamp 3)" });
    expect(await run(["check", "--offline"], { home: apart })).toMatchObject({ exit: 69 });
    expect(await take("old.json")).toMatchObject({
      exit: 69,
      stdout: expect.stringContaining("older than what is held"),
    });
    const digest = /sha256:[0-9a-f]{64}/.exec(pinned.stdout)?.[0] ?? "";
    expect(await take("old.json", ["--digest", digest])).toMatchObject({ exit: 69 });
    expect(await take("new.json", ["--digest", digest])).toMatchObject({ exit: 64 });
    // A chain of somebody else's counts by a digest alone.
    const forged = readFileSync(join(project, "old.json"), "utf8");
    const other = await world();
    writeFileSync(join(other.project, "forged.json"), forged);
    const asked = ["trust", "update", "--offline-bundle", "forged.json"];
    const refused = await other.run(asked);
    expect([refused.exit, refused.stdout]).toEqual([69, expect.stringContaining("--digest takes a file")]);
    expect(await other.run([...asked, "--digest", digest])).toMatchObject({ exit: 0 });
  });

  it.each(["", "project/"])("travels with exported evidence of %spackage-lock.json: by the chain", async (below) => {
    const { mirror, home, project, run } = await world({}, since);
    const cwd = below === "" ? project : dirname(project);
    const typed = (words: readonly string[], own: string) =>
      safeInstall([...words, `${below}package-lock.json`], { cwd, home: own, env: {} });
    await run(["trust", "update"]);
    expect((await typed(["evidence", "export", "out"], home)).exit).toBe(0);
    mirror.instead.set("timestamp.json", null);
    const again = await typed(["check", "--evidence", "out", "--offline"], temporaryFolder());
    expect([again.exit, again.stdout]).toEqual([0, expect.stringContaining("1 publisher verified")]);
  });

  it("what it cannot do is said: usage 64, nothing to write or nobody to ask 69", async () => {
    const { run } = await world();
    const refused: readonly (readonly [readonly string[], number, string])[] = [
      [["shown"], 64, "expected show, update or pin"],
      [["pin"], 64, "name the FILE"],
      [["show", "x"], 64, "x is not expected"],
      [["pin", "x", "--offline-bundle", "y"], 64, "--offline-bundle goes with trust update"],
      [["update", "--digest", "sha256:1"], 64, "--digest"],
      [["update", "--offline-bundle", "package.json"], 64, "no bundle of trust roots"],
      [["update", "--offline-bundle", "none.json"], 64, "there is no file"],
      [["--nothing"], 64, "--nothing"],
      [["pin", "x.json"], 69, "trust update"],
      [["update"], 69, "is off"],
    ];
    for (const [args, exit, words] of refused) {
      const ended = await run(["trust", ...args], { refreshes: false });
      expect([args, ended.exit, ended.stderr]).toEqual([args, exit, expect.stringContaining(words)]);
    }
  });
});

it.each(["docs/airgap.md", "docs/trust.md"])("the commands of %s do what the page says", async (path) => {
  const { run, home } = await world();
  const blocks = page(path).blocks.filter(({ language }) => language === "sh");
  const typed = blocks.flatMap(({ text, comment }) =>
    [...text.matchAll(/^safe-install (trust .*)$/gm)].map(([, words = ""]) => [words.split(" "), comment] as const),
  );
  expect(typed.length).toBeGreaterThan(2);
  for (const [words, comment] of typed) {
    const apart = comment === "machine: apart" ? { refreshes: false, home: join(home, "../apart") } : {};
    const { exit, stdout } = await run(words, apart);
    // The built-in roots' repositories are not on this machine.
    const isPartial = words.join(" ") === "trust update";
    expect([words, exit]).toEqual([words, isPartial ? 69 : 0]);
    expect(stdout).toContain(words[1] === "pin" ? "sha256:" : "test");
  }
});
